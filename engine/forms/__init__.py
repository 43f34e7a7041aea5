"""Forms: a form-js file as a frozen list of fields, and the check of what people fill in.

A file stays valid form-js JSON; what form-js has no word for stands in a component's `properties` (texts):

- `key` may be a dotted path (`marks.T05`); a `group` with `path` puts its components under that path.
- `"variable": "true"`: the value enters the case data under its path; `"variable": "name"`: under that name.
- `"map": "login"`: the value is a map with open keys (logins, case ids) whose values the component describes
  (`"votes": {"member01": "for"}`); the text says in a word what the keys are.  A `group` with `path`, `map` and exactly
  one component means the same.  `"keys": "participants"` names the data provider of the keys to show.
- `"type": "boolean"` or `"integer"` on radio and select: the options' values are read as such (`"true"` as true).
- `"list": "text"` on textarea: the value is a list of texts, one a line on the page.
- `"plain": "true"` on textfield and textarea: neither free text nor personal data; history keeps it as it is.
- `"digest": "true"` on a component or a group: history keeps a digest of the whole value, whatever its JSON type (of a
  text itself, of anything else its RFC 8785 JSON), of an empty text where it was left out; it cannot be a variable.
- `valuesKey` names a data provider of options; the domain's rule, not the form, judges the chosen values.

A `checkbox` is a boolean; `required` means that it must be true.  A `number` is an integer unless `decimalDigits` is
above zero.  `conditional.hide` understands `=path`, `=not(path)`, `=path = literal` and `=path != literal`; a hidden
field must be absent and is not required.
"""

from engine.forms.fields import Condition, Field, Kind, Note, Option
from engine.forms.form import Form
from engine.forms.reading import FormRefused, read_form

__all__ = ["Condition", "Field", "Form", "FormRefused", "Kind", "Note", "Option", "read_form"]

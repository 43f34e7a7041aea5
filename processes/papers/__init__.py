"""Documents on paper, shared by the procedures: typesetting, fonts, QR codes, editable drafts."""

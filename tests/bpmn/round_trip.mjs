// Reads a drawing with bpmn-moddle and writes it again: {"warnings": […], "xml": …} on standard output.
// node tests/bpmn/round_trip.mjs FILE [DESCRIPTOR]
import { readFileSync } from "node:fs";
import { BpmnModdle } from "bpmn-moddle";

const [file, descriptor] = process.argv.slice(2);
const packages = descriptor ? { camunda: JSON.parse(readFileSync(descriptor, "utf8")) } : {};
const moddle = new BpmnModdle(packages);
const { rootElement, warnings } = await moddle.fromXML(readFileSync(file, "utf8"));
const { xml } = await moddle.toXML(rootElement, { format: true });
process.stdout.write(JSON.stringify({ warnings: warnings.map((warning) => warning.message), xml }));

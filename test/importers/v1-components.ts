/** Components of KFP v1: what the SDK of KFP v2 still loads, and what it does not. */
const head = (name: string): string => `name: ${name}\n`;
const container = (rest: string, image = "registry.example/tool:1"): string => `implementation:\n  container:\n    image: ${image}\n${rest.replace(/^(?=.)/gm, "    ")}`;

/** Those that load, by what they try. */
export const v1Components: Readonly<Record<string, string>> = {
  "an image alone": head("Just an image") + container(""),
  "no name": container("command: [echo, hello]\n"),
  "every type of parameters": `${head("All parameter types")}inputs:
- {name: Text, type: String}
- {name: text2, type: str}
- {name: Text 3, type: Text}
- {name: Count, type: Integer}
- {name: count2, type: int}
- {name: Share, type: Float}
- {name: share2, type: Double}
- {name: Flag, type: Bool}
- {name: flag2, type: boolean}
- {name: Items, type: List}
- {name: items2, type: JsonArray}
- {name: items3, type: "List[str]"}
- {name: items4, type: "typing.List[int]"}
- {name: Fields, type: Dict}
- {name: fields2, type: JsonObject}
- {name: fields3, type: "typing.Dict[str, int]"}
${container(`args:
- {inputValue: Text}
- {inputValue: text2}
- {inputValue: Text 3}
- {inputValue: Count}
- {inputValue: Share}
- {inputValue: Flag}
- {inputValue: Items}
- {inputValue: items3}
- {inputValue: Fields}
`)}`,
  "every type of artifacts": `${head("Artifacts & more!")}inputs:
- {name: untyped}
- {name: Model, type: Model}
- {name: data, type: Dataset}
- {name: any thing, type: GCSPath}
- {name: vertex, type: google.VertexModel}
- {name: schema, type: {GCSPath: {data_type: CSV}}}
- {name: struct, type: {JsonObject: {schema: x}}}
- {name: page, type: html}
- {name: odd, type: String of some sort}
outputs:
- {name: metrics, type: Metrics}
- {name: Class Metrics, type: ClassificationMetrics}
- {name: sliced, type: SlicedClassificationMetrics}
- {name: note, type: Markdown}
- {name: plain}
- {name: struct out, type: {JsonArray: {}}}
- {name: endpoint, type: google.VertexEndpoint}
${container(`command:
- tool
- {inputPath: untyped}
- {inputUri: Model}
- {inputPath: data}
- {inputPath: any thing}
- {inputPath: odd}
args:
- {outputPath: metrics}
- {outputUri: Class Metrics}
- {outputPath: note}
- {outputPath: plain}
- {outputPath: struct out}
- {outputUri: endpoint}
`)}`,
  "outputs that are parameters": `${head("Counts")}outputs:
- {name: Row count, type: Integer}
- {name: label, type: String}
- {name: scores, type: "List[float]"}
- {name: status, type: PipelineTaskFinalStatus}
${container("args: [{outputPath: Row count}, {outputPath: label}, {outputPath: scores}, {outputPath: status}]\n")}`,
  "defaults of every kind": `${head("Defaults")}inputs:
- {name: a, type: String, default: x}
- {name: b, type: String, default: 5}
- {name: c, type: String, default: 1.0}
- {name: d, type: String, default: true}
- {name: e, type: String, default: ''}
- {name: f, type: Integer, default: '7'}
- {name: g, type: Integer, default: 7}
- {name: h, type: Integer, default: 7.9}
- {name: i, type: Integer, default: false}
- {name: j, type: Float, default: '1.5'}
- {name: k, type: Float, default: 2}
- {name: l, type: Float, default: '1e-3'}
- {name: m, type: Bool, default: 'True'}
- {name: n, type: Bool, default: 'no'}
- {name: o, type: Bool, default: false}
- {name: p, type: List, default: '[1, "a", {"b": 1.5}]'}
- {name: q, type: JsonObject, default: '{"a": {"b": [1.5]}}'}
- {name: r, type: Dict, default: no JSON}
- {name: s, type: "List[str]", default: '["a"]'}
- {name: t, type: String, default: 1.0e+20}
- {name: u, type: String, default: 0.00001}
- {name: v, type: String, default: 12345678901234567890}
- {name: w, type: String, default: 1:30}
- {name: x, type: Integer, default: 0}
- {name: y, type: Float, default: 0.0}
- {name: z, default: an artifact}
- {name: aa, type: String, default: null}
- {name: ab, type: String, default: -0.5}
- {name: ac, type: String, default: 123456.789}
${container("args: [{inputValue: a}]\n")}`,
  "optional inputs": `${head("Optional")}inputs:
- {name: a, type: String, optional: true}
- {name: b, optional: true}
- {name: c, type: Integer, optional: true, default: 3}
- {name: d, type: Model, optional: false}
- {name: e, type: String, optional: null}
${container("args: [{inputValue: a}, {inputPath: b}]\n")}`,
  "if with lists": `${head("Conditional")}inputs:
- {name: Log dir, type: String, optional: true}
- {name: data, optional: true}
${container(`args:
- if:
    cond: {isPresent: Log dir}
    then: [--log, {inputValue: Log dir}]
- if:
    cond: {isPresent: data}
    then: [--data, {inputPath: data}]
    else: [--no-data, 'quote " and ü']
- if:
    cond: {isPresent: Log dir}
    then: []
    else: []
`)}`,
  "if with single values": `${head("Single")}inputs:
- {name: a, type: String, optional: true}
${container(`args:
- if: {cond: {isPresent: a}, then: {inputValue: a}, else: none}
- if: {cond: {isPresent: a}, then: yes please}
- if: {cond: {isPresent: a}, then: x, else: ''}
- if: {cond: {isPresent: a}, then: x, else: null}
`)}`,
  "concat": `${head("Concat")}inputs:
- {name: Bucket, type: String}
- {name: part, type: Integer, default: 1}
- {name: data}
outputs:
- {name: out}
${container(`command: [sh, -c, {concat: ['cat ', {inputPath: data}, ' > ', {outputPath: out}]}]
args:
- {concat: ["gs://", {inputValue: Bucket}, /, {inputValue: part}, "\\u00e9\\n\\t\\"\\\\"]}
- {concat: [a, {concat: [b, {inputValue: part}]}]}
- {concat: []}
`)}`,
  "if and concat within each other": `${head("Nested")}inputs:
- {name: a, type: String, optional: true}
- {name: b, type: String, optional: true}
${container(`args:
- concat:
  - --a=
  - if: {cond: {isPresent: a}, then: {inputValue: a}, else: none}
  - if: {cond: {isPresent: b}, then: {concat: ['-', {inputValue: b}]}}
- if:
    cond: {isPresent: a}
    then:
    - {concat: [--a=, {inputValue: a}]}
    - if: {cond: {isPresent: b}, then: [b, {inputValue: b}], else: [no-b]}
    else:
    - {concat: [x, y]}
`)}`,
  "the executor input": `${head("Executor input")}inputs: [{name: x, type: Integer}]\noutputs: [{name: y, type: Integer}]\n${container("command: [run, {executorInput: null}]\nargs: [--input, {executorInput: }]\n")}`,
  "environment variables": `${head("Env")}${container("env:\n  MODE: fast\n  EMPTY: ''\n  NUMBER: '5'\ncommand: [env]\nargs: []\n")}`,
  "everything else that a component may say": `${head("Annotated")}description: |
  Does a thing.
  With two lines.
version: google.com/cloud/pipelines/component/v1
metadata:
  annotations: {author: someone, canonical_location: "https://example.com/x.yaml"}
  labels: {team: a}
inputs:
- {name: x, type: String, description: The x, annotations: {a: 1}}
outputs:
- {name: y, description: The y}
implementation:
  container:
    image: tool
    command: [cp, {inputValue: x}, {outputPath: y}]
    fileOutputs: {y: /tmp/y}
`,
  "names with all signs": `${head("'--Ünter__Scored & Name (2) --'")}inputs:
- {name: Input Name (x), type: String}
- {name: UPPER_CASE-and.dots, type: String}
- {name: __under__, type: String}
outputs:
- {name: "Öut put"}
${container("args: [{inputValue: Input Name (x)}, {inputValue: UPPER_CASE-and.dots}, {inputValue: __under__}, {outputPath: Öut put}]\n")}`,
  "two inputs that become one": `${head("Twins")}inputs:\n- {name: a b, type: String}\n- {name: a-b, type: Integer}\n- {name: c}\n- {name: C, type: String}\n${container("args: [{inputValue: a-b}]\n")}`,
  "the final status": `${head("Exit")}inputs:\n- {name: status, type: PipelineTaskFinalStatus}\n- {name: x, type: String}\n${container("args: [{inputValue: status}]\n")}`,
  "nothing where lists belong": `${head("Nothing")}description:\ninputs:\noutputs: []\nmetadata:\n${container("command:\nargs:\n")}`,
  "written by hand in flow style": `{name: flow, inputs: [{name: n, type: Int}], implementation: {container: {image: a, command: [echo], args: [{inputValue: n}]}}}\n`,
  "a task config is an artifact": `${head("Config")}inputs:\n- {name: config, type: TaskConfig}\n${container("args: [{inputPath: config}]\n")}`,
};

/** Those that do not load, by why. */
export const brokenV1Components: Readonly<Record<string, string>> = {
  "a graph": `${head("Graph")}implementation:\n  graph:\n    tasks: {}\n`,
  "an empty implementation": `${head("Empty")}implementation: {}\n`,
  "no image": `${head("No image")}implementation:\n  container:\n    command: [echo]\n`,
  "an unknown member": `${head("Unknown")}input: []\n${container("")}`,
  "an unknown member of the container": `${head("Unknown")}${container("comand: [echo]\n")}`,
  "an unknown member of an input": `${head("Unknown")}inputs: [{name: a, typ: String}]\n${container("")}`,
  "an unknown placeholder": `${head("Unknown")}inputs: [{name: a, type: String}]\n${container("args: [{inputVal: a}]\n")}`,
  "a placeholder of two": `${head("Two")}inputs: [{name: a, type: String}]\n${container("args: [{inputValue: a, inputPath: a}]\n")}`,
  "a number among the arguments": `${head("Number")}${container("args: [5]\n")}`,
  "nothing among the arguments": `${head("Nothing")}${container("args: [a, ]\ncommand: [null]\n")}`,
  "an input that is not there": `${head("Missing")}inputs: [{name: a, type: String}]\n${container("args: [{inputValue: b}]\n")}`,
  "an output that is not there": `${head("Missing")}outputs: [{name: a}]\n${container("args: [{outputPath: b}]\n")}`,
  "the value of an artifact": `${head("Value")}inputs: [{name: a}]\n${container("args: [{inputValue: a}]\n")}`,
  "the path of a parameter": `${head("Path")}inputs: [{name: a, type: String}]\n${container("args: [{inputPath: a}]\n")}`,
  "the address of an output parameter": `${head("Uri")}outputs: [{name: a, type: String}]\n${container("args: [{outputUri: a}]\n")}`,
  "two inputs of one name": `${head("Same")}inputs: [{name: a}, {name: a}]\n${container("")}`,
  "an input without a name": `${head("Nameless")}inputs: [{type: String}]\n${container("")}`,
  "a name that is a number": `name: 5\n${container("")}`,
  "a name without letters": `name: '!!'\n${container("")}`,
  "an input without letters": `${head("Digits")}inputs: [{name: '1st'}]\n${container("")}`,
  "a default that does not fit": `${head("Default")}inputs: [{name: a, type: Integer, default: many}]\n${container("")}`,
  "a default that is a list": `${head("Default")}inputs: [{name: a, type: List, default: [1]}]\n${container("")}`,
  "a default that holds null": `${head("Default")}inputs: [{name: a, type: List, default: '[null]'}]\n${container("")}`,
  "a default for a truth value": `${head("Default")}inputs: [{name: a, type: Bool, default: maybe}]\n${container("")}`,
  "optional in words": `${head("Optional")}inputs: [{name: a, type: String, optional: "yes"}]\n${container("")}`,
  "a variable that is a number": `${head("Env")}${container("env: {A: 5}\n")}`,
  "a variable that is a placeholder": `${head("Env")}inputs: [{name: a, type: String}]\n${container("env: {A: {inputValue: a}}\n")}`,
  "a condition on a value": `${head("If")}inputs: [{name: a, type: String}]\n${container("args:\n- if: {cond: {inputValue: a}, then: [x]}\n")}`,
  "a condition that is true": `${head("If")}${container("args:\n- if: {cond: true, then: [x]}\n")}`,
  "a placeholder behind else": `${head("If")}inputs: [{name: a, type: String}]\n${container("args:\n- if: {cond: {isPresent: a}, then: x, else: {inputValue: a}}\n")}`,
  "a list of if in concat": `${head("If")}inputs: [{name: a, type: String}]\n${container("args:\n- concat: [x, {if: {cond: {isPresent: a}, then: [y]}}]\n")}`,
  "placeholders of v1 that are gone": `${head("Gone")}inputs: [{name: a}]\n${container("args: [{inputMetadata: a}]\n")}`,
  "file outputs of nothing": `${head("Files")}${container("fileOutputs: {a: /tmp/a}\n")}`,
  "a list as type": `${head("Type")}inputs: [{name: a, type: [String]}]\n${container("")}`,
  "annotations that are no text": `${head("Annotations")}metadata: {annotations: {a: 1}}\n${container("")}`,
  "an image that is a number": head("Image") + container("", "1.5"),
};

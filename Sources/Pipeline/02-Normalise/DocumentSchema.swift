package import Kernel

/// The form every document must have: a JSON Schema (2020-12), compiled once (统一单据格式).
///
/// It knows the keywords that `Schemas/document.schema.json` uses and refuses a schema with others.
package struct DocumentSchema: Sendable {
    /// One place of a document that is not as the schema says.
    package struct Violation: Hashable, Sendable {
        /// Where, as a JSON Pointer (RFC 6901).
        package let pointer: String
        package let expected: Phrase
        package let found: Phrase

        /// The whole document has the empty pointer, which nobody would see.
        package var shownPointer: String { pointer.isEmpty ? "/" : pointer }
    }

    /// Whether `format` is checked, and not only noted.
    package let assertsFormats: Bool
    let nodes: [Node]
    let root: Int

    /// What one subschema says; children are positions in `nodes`.
    struct Node: Sendable {
        var types: [String] = []
        var properties: [String: Int] = [:]
        /// Whether members outside `properties` are refused.
        var isClosed = false
        var required: [String] = []
        var items: Int?
        var maxItems: Int?
        var minLength: Int?
        var maxLength: Int?
        var minimum: Int?
        var pattern: DocumentSchemaPattern?
        var patternText = ""
        var format: String?
        var texts: Set<String>?
        var choices: [JSON]?
        var reference: Int?
        var allOf: [Int] = []
        var anyOf: [Int] = []
        var oneOf: [Int] = []
        var not: Int?
        var condition: Int?
        var consequence: Int?
        var alternative: Int?
        var title = ""
    }

    /// Compiles a schema.
    package init(_ schema: JSON, assertsFormats: Bool = true) throws(DocumentSchemaError) {
        var compiler = DocumentSchemaCompiler(schema: schema)
        root = try compiler.compile(schema, pointer: "#")
        nodes = compiler.nodes
        self.assertsFormats = assertsFormats
    }

    /// Every violation of a document, in the order of the schema, at most `limit`.
    package func violations(in document: JSON, limit: Int = 50) -> [Violation] {
        var check = DocumentSchemaCheck(schema: self, limit: limit)
        check.check(document, root, [])
        return check.violations
    }

    package func isValid(_ document: JSON) -> Bool {
        var check = DocumentSchemaCheck(schema: self, limit: 1)
        return check.holds(document, root)
    }

    /// What a person is told: the first five violations; `nil` if there are none.
    package func problem(in document: JSON) -> Problem? {
        let violations = violations(in: document)
        guard !violations.isEmpty else { return nil }
        let shown = violations.prefix(5)
        let more = violations.count - shown.count
        let name = document["number"]?.string ?? document["title"]?.string ?? document["source"]?["instance"]?.string
        return Problem(
            code: "document.invalid",
            title: Phrase(zh: "单据不符合统一单据格式。", en: "The document is not in the one document form."),
            location: Phrase(
                zh: (name.map { "单据 \($0)，" } ?? "") + shown.map(\.shownPointer).joined(separator: "、"),
                en: (name.map { "document \($0), " } ?? "") + shown.map(\.shownPointer).joined(separator: ", ")
            ),
            cause: Phrase(
                zh: shown.map { "\($0.shownPointer)：应为\($0.expected.zh)，实为\($0.found.zh)" }.joined(separator: "；")
                    + (more > 0 ? "；另有 \(more) 处。" : "。"),
                en: shown.map { "\($0.shownPointer): expected \($0.expected.en), found \($0.found.en)" }
                    .joined(separator: "; ") + (more > 0 ? "; and \(more) more." : ".")
            ),
            remedy: Phrase(
                zh: "请在 OA 中改正表单后重新提交，或由实施人员调整映射；格式见 /api/v1/schemas/document。",
                en: "Correct the form in the OA and send it again, or let the implementer adjust the mapping; the form "
                    + "is at /api/v1/schemas/document."
            )
        )
    }
}

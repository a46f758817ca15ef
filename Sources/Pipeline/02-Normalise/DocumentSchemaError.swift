package import Kernel

/// Why a JSON Schema cannot be used to check documents.
package enum DocumentSchemaError: Error, Hashable {
    /// The schema says something this program does not check; checking the rest would promise too much.
    case unknownKeyword(String, pointer: String)
    case malformed(pointer: String, expected: String)
    case brokenReference(String, pointer: String)
}

extension DocumentSchemaError: Explainable {
    package var problem: Problem {
        let (pointer, cause): (String, Phrase) =
            switch self {
            case .unknownKeyword(let keyword, let pointer):
                (pointer, Phrase(zh: "不认识关键字「\(keyword)」。", en: "The keyword “\(keyword)” is not known."))
            case .malformed(let pointer, let expected):
                (pointer, Phrase(zh: "此处应为 \(expected)。", en: "Here \(expected) was expected."))
            case .brokenReference(let target, let pointer):
                (pointer, Phrase(zh: "引用「\(target)」不存在。", en: "The reference “\(target)” leads nowhere."))
            }
        return Problem(
            code: "document.schema_unusable",
            title: Phrase(zh: "单据格式的定义无法使用。", en: "The schema of documents cannot be used."),
            location: Phrase(zh: "document.schema.json \(pointer)", en: "document.schema.json \(pointer)"),
            cause: cause,
            remedy: Phrase(
                zh: "请恢复随产品发布的 Schemas/document.schema.json。",
                en: "Restore Schemas/document.schema.json as it ships with the product."
            )
        )
    }
}

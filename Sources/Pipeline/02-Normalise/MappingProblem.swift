package import Kernel

/// What a mapping could not carry over; each names the vendor's field and the place in the document.
package enum MappingProblem: Error, Hashable {
    /// An amount that no rule takes would be missing from the voucher.
    case unmappedMoney(field: String, value: String)
    case missing(path: String, sources: [String])
    case unreadable(path: String, field: String, expected: String, found: String)
    /// A word of the vendor's form that a table of the mapping does not have.
    case unknownChoice(path: String, field: String, table: String, found: String)

    /// The place in the document, as a JSON Pointer; `nil` where the field has no place yet.
    package var path: String? {
        switch self {
        case .unmappedMoney: nil
        case .missing(let path, _), .unreadable(let path, _, _, _), .unknownChoice(let path, _, _, _): path
        }
    }
}

extension MappingProblem: Explainable {
    package var problem: Problem {
        switch self {
        case .unmappedMoney(let field, let value):
            Problem(
                code: "mapping.unmapped_money",
                title: Phrase(zh: "表单里有金额没有映射。", en: "The form has an amount that is not mapped."),
                location: Phrase(zh: "字段「\(field)」", en: "field “\(field)”"),
                cause: Phrase(
                    zh: "其值为 \(value)，映射没有说明它去哪里。", en: "Its value is \(value), and no rule says where it goes."
                ),
                remedy: Phrase(
                    zh: "请由实施人员在映射中为该字段添加规则，或把它列入 ignore。",
                    en: "Let the implementer add a rule for the field, or list it under “ignore”."
                )
            )
        case .missing(let path, let sources):
            Problem(
                code: "mapping.missing_field",
                title: Phrase(zh: "表单缺少必填内容。", en: "The form lacks something required."),
                location: Phrase(zh: "单据 \(path)", en: "document \(path)"),
                cause: Phrase(
                    zh: "在 \(sources.joined(separator: "、")) 中没有找到值。",
                    en: "No value was found in \(sources.joined(separator: ", "))."
                ),
                remedy: Phrase(
                    zh: "请申请人补填后重新提交，或由实施人员把正确的字段写进映射。",
                    en: "Let the applicant fill it in, or let the implementer name the right field in the mapping."
                )
            )
        case .unreadable(let path, let field, let expected, let found):
            Problem(
                code: "mapping.unreadable_value",
                title: Phrase(zh: "表单里的值无法读取。", en: "A value of the form cannot be read."),
                location: Phrase(zh: "字段「\(field)」→ \(path)", en: "field “\(field)” → \(path)"),
                cause: Phrase(zh: "应为 \(expected)，实为「\(found)」。", en: "Expected \(expected), found “\(found)”."),
                remedy: Phrase(
                    zh: "请在 OA 中改正该值，或由实施人员在映射中写明它的写法。",
                    en: "Correct the value in the OA, or let the implementer state its notation in the mapping."
                )
            )
        case .unknownChoice(let path, let field, let table, let found):
            Problem(
                code: "mapping.unknown_choice",
                title: Phrase(zh: "表单里的选项没有对照。", en: "A choice of the form is not in the table."),
                location: Phrase(zh: "字段「\(field)」→ \(path)", en: "field “\(field)” → \(path)"),
                cause: Phrase(zh: "对照表 \(table) 中没有「\(found)」。", en: "Table \(table) has no “\(found)”."),
                remedy: Phrase(
                    zh: "请由实施人员在映射的对照表 \(table) 中添加「\(found)」。",
                    en: "Let the implementer add “\(found)” to table \(table) of the mapping."
                )
            )
        }
    }
}

/// Why a text is not a mapping.
package enum MappingError: Error, Hashable {
    case malformed(path: String, expected: String)
    case unknownVersion(String)
}

extension MappingError: Explainable {
    package var problem: Problem {
        let (path, cause): (String, Phrase) =
            switch self {
            case .malformed(let path, let expected):
                (path, Phrase(zh: "此处应为 \(expected)。", en: "Here \(expected) was expected."))
            case .unknownVersion(let found):
                (
                    "format",
                    Phrase(
                        zh: "本程序读取 \(Mapping.format)，实为 \(found)。",
                        en: "This program reads \(Mapping.format), found \(found)."
                    )
                )
            }
        return Problem(
            code: "mapping.invalid",
            title: Phrase(zh: "映射无法使用。", en: "The mapping cannot be used."),
            location: Phrase(zh: "映射 \(path)", en: "mapping \(path)"),
            cause: cause,
            remedy: Phrase(
                zh: "请按 docs/connectors.md 的映射参考改正。",
                en: "Correct it after the mapping reference in docs/connectors.md."
            )
        )
    }
}

package import Decisions
package import Kernel

/// Why a text is not a rule book.
package enum RuleBookError: Error, Hashable {
    case yaml(Place, String)
    case unexpected(Place, expected: Phrase, found: String)
    case missing(Place, name: String)
    case duplicate(String, Place)
    case unknown(Place, kind: Phrase, name: String)
    case include(Place, name: String, reason: String)
    /// An expression at a place of the file that cannot be read.
    case expression(Place, FEELError)
    case unclosedBrace(Place, text: String)
    case columns(Place, expected: Int, found: Int)
    case sampleTooSmall(Place, percent: Int)
    /// What the static checks found, the first of them.
    case unsound(Problem)
}

extension RuleBookError: Explainable {
    package var problem: Problem {
        switch self {
        case .yaml(let place, let reason):
            Problem(
                code: "rules.not_yaml", title: Phrase(zh: "规则集不是有效的 YAML。", en: "The rule book is no YAML."),
                location: place.phrase, cause: Phrase(zh: "读到此处出错：\(reason)", en: "Reading stopped: \(reason)"),
                remedy: Phrase(zh: "请检查缩进、引号和冒号后的空格。", en: "Check indentation, quotes, and the space after each colon.")
            )
        case .unexpected(let place, let expected, let found):
            Problem(
                code: "rules.unexpected",
                title: Phrase(zh: "规则集此处的写法不对。", en: "The rule book is not written as it should be."),
                location: place.phrase,
                cause: Phrase(
                    zh: "此处应为\(expected.zh)，实际为\(found.isEmpty ? "空" : "「\(found.prefix(80))」")。",
                    en:
                        "Here \(expected.en) was expected, \(found.isEmpty ? "but there is nothing" : "not “\(found.prefix(80))”")."
                ),
                remedy: Phrase(zh: "请按说明改正。", en: "Correct it as the description of rule books says.")
            )
        case .missing(let place, let name):
            Problem(
                code: "rules.missing", title: Phrase(zh: "规则集缺少一项。", en: "The rule book lacks an entry."),
                location: place.phrase, cause: Phrase(zh: "这里应有「\(name)」。", en: "Here “\(name)” is needed."),
                remedy: Phrase(zh: "请补上「\(name)」。", en: "Add “\(name)”.")
            )
        case .duplicate(let name, let place):
            Problem(
                code: "rules.duplicate", title: Phrase(zh: "名称重复。", en: "A name stands twice."),
                location: place.phrase, cause: Phrase(zh: "「\(name)」已经定义过。", en: "“\(name)” is defined already."),
                remedy: Phrase(zh: "请改名，或删去其中一个。", en: "Rename one of them, or remove it.")
            )
        case .unknown(let place, let kind, let name):
            Problem(
                code: "rules.unknown", title: Phrase(zh: "名称没有定义。", en: "A name is not defined."),
                location: place.phrase,
                cause: Phrase(zh: "没有名为「\(name)」的\(kind.zh)。", en: "There is no \(kind.en) “\(name)”."),
                remedy: Phrase(zh: "请改正名称，或先定义它。", en: "Correct the name, or define it.")
            )
        case .include(let place, let name, let reason):
            Problem(
                code: "rules.include", title: Phrase(zh: "引用的文件读不到。", en: "An included file cannot be read."),
                location: place.phrase, cause: Phrase(zh: "\(name)：\(reason)", en: "\(name): \(reason)"),
                remedy: Phrase(
                    zh: "请把该文件放在规则集旁边，或改正文件名。", en: "Put the file beside the rule book, or correct its name.")
            )
        case .expression(let place, let error):
            Problem(
                code: "rules.expression", title: Phrase(zh: "表达式无法读取。", en: "An expression cannot be read."),
                location: Phrase(
                    zh: "\(place.phrase.zh)，\(error.problem.location.zh)",
                    en: "\(place.phrase.en), \(error.problem.location.en)"
                ),
                cause: error.problem.cause, remedy: error.problem.remedy
            )
        case .unclosedBrace(let place, let text):
            Problem(
                code: "rules.unclosed_brace",
                title: Phrase(zh: "文字中的「{」没有对应的「}」。", en: "A “{” in a text is not closed."),
                location: place.phrase, cause: Phrase(zh: "文字：\(text)", en: "The text is: \(text)"),
                remedy: Phrase(zh: "请补上「}」。", en: "Add the “}”.")
            )
        case .columns(let place, let expected, let found):
            Problem(
                code: "rules.columns",
                title: Phrase(zh: "决策表的列数不对。", en: "A row of a decision table has another number of cells."),
                location: place.phrase,
                cause: Phrase(
                    zh: "应有 \(expected) 列，实际 \(found) 列。", en: "\(expected) cells were expected, there are \(found)."),
                remedy: Phrase(
                    zh: "请用「|」分开每一列，不限的列写「-」。", en: "Separate the cells with “|”; write “-” where anything goes.")
            )
        case .sampleTooSmall(let place, let percent):
            Problem(
                code: "rules.sample_too_small",
                title: Phrase(zh: "自动审核的抽查比例过低。", en: "The sample of automatic review is too small."),
                location: place.phrase,
                cause: Phrase(
                    zh: "抽查 \(percent)%，至少为 5%，至多 100%。",
                    en: "It is \(percent) %; at least 5 % and at most 100 % are asked for."),
                remedy: Phrase(zh: "请提高 sample_percent。", en: "Raise sample_percent.")
            )
        case .unsound(let problem): problem
        }
    }

    /// Where in the text it is, if it is anywhere.
    package var place: Place? {
        switch self {
        case .yaml(let place, _), .unexpected(let place, _, _), .missing(let place, _), .duplicate(_, let place),
            .unknown(let place, _, _), .include(let place, _, _), .expression(let place, _),
            .unclosedBrace(let place, _), .columns(let place, _, _), .sampleTooSmall(let place, _):
            place
        case .unsound: nil
        }
    }
}

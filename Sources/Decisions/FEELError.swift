package import Kernel

/// Why an expression cannot be read, or was stopped.
package enum FEELError: Error, Hashable {
    case syntax(expected: Expected, found: String, line: Int, column: Int, source: String)
    case tooLong(length: Int, limit: Int)
    case tooDeep(limit: Int, line: Int, column: Int, source: String)
    case tooManySteps(limit: Int)
    case tooDeepEvaluation(limit: Int)
    case listTooLong(limit: Int)
    case stringTooLong(limit: Int)

    /// What the reader waited for.
    package enum Expected: Hashable, Sendable {
        case expression
        case end
        case symbol(String)
        case name
        case type
        case closingQuote
        case escape
        case number
        case temporal

        var phrase: Phrase {
            switch self {
            case .expression: Phrase(zh: "一个表达式", en: "an expression")
            case .end: Phrase(zh: "表达式结束或一个运算符", en: "the end, or an operator")
            case .symbol(let text): Phrase(zh: "「\(text)」", en: "“\(text)”")
            case .name: Phrase(zh: "一个名称", en: "a name")
            case .type: Phrase(zh: "一个类型", en: "a type")
            case .closingQuote: Phrase(zh: "文本的结束引号", en: "the closing quote of a text")
            case .escape: Phrase(zh: "一个已知的转义符", en: "a known escape")
            case .number: Phrase(zh: "范围内的数字", en: "a number in range")
            case .temporal: Phrase(zh: "日期、时间或时长", en: "a date, a time or a duration")
            }
        }
    }
}

extension FEELError: Explainable {
    package var problem: Problem {
        switch self {
        case .syntax(let expected, let found, let line, let column, let source):
            Problem(
                code: "feel.syntax",
                title: Phrase(zh: "表达式无法读取。", en: "The expression cannot be read."),
                location: Self.location(line: line, column: column, source: source),
                cause: Phrase(
                    zh: "此处应为\(expected.phrase.zh)，实际为\(found.isEmpty ? "结尾" : "「\(found)」")。",
                    en: "Here \(expected.phrase.en) was expected, \(found.isEmpty ? "but it ends" : "not “\(found)”")."
                ),
                remedy: Phrase(zh: "请改正该处的写法。", en: "Correct the expression at this place.")
            )
        case .tooLong(let length, let limit):
            Problem(
                code: "feel.too_long",
                title: Phrase(zh: "表达式过长。", en: "The expression is too long."),
                location: Phrase(zh: "整个表达式", en: "the whole expression"),
                cause: Phrase(
                    zh: "共 \(length) 字节，上限 \(limit) 字节。", en: "It has \(length) bytes; the limit is \(limit)."),
                remedy: Phrase(zh: "请拆成几个较短的表达式或一张决策表。", en: "Split it, or make it a decision table.")
            )
        case .tooDeep(let limit, let line, let column, let source):
            Problem(
                code: "feel.too_deep",
                title: Phrase(zh: "表达式嵌套过深。", en: "The expression is nested too deeply."),
                location: Self.location(line: line, column: column, source: source),
                cause: Phrase(zh: "嵌套或连写超过 \(limit) 层。", en: "It is nested or chained over \(limit) levels."),
                remedy: Phrase(zh: "请拆成几个较短的表达式或一张决策表。", en: "Split it, or make it a decision table.")
            )
        case .tooManySteps(let limit):
            Self.stopped(
                "feel.too_many_steps",
                Phrase(zh: "计算超过 \(limit) 步。", en: "It took more than \(limit) steps."))
        case .tooDeepEvaluation(let limit):
            Self.stopped(
                "feel.evaluation_too_deep",
                Phrase(zh: "函数调用嵌套超过 \(limit) 层。", en: "Its calls are nested deeper than \(limit) levels."))
        case .listTooLong(let limit):
            Self.stopped(
                "feel.list_too_long",
                Phrase(zh: "列表超过 \(limit) 项。", en: "A list has more than \(limit) items."))
        case .stringTooLong(let limit):
            Self.stopped(
                "feel.string_too_long",
                Phrase(zh: "文本超过 \(limit) 字节。", en: "A text has more than \(limit) bytes."))
        }
    }

    private static func location(line: Int, column: Int, source: String) -> Phrase {
        let excerpt = source.count > 80 ? source.prefix(80) + "…" : source[...]
        return Phrase(
            zh: "表达式「\(excerpt)」第 \(line) 行第 \(column) 列",
            en: "expression “\(excerpt)”, line \(line), column \(column)"
        )
    }

    private static func stopped(_ code: String, _ cause: Phrase) -> Problem {
        Problem(
            code: code,
            title: Phrase(zh: "计算被中止。", en: "The evaluation was stopped."),
            location: Phrase(zh: "整个表达式", en: "the whole expression"),
            cause: cause,
            remedy: Phrase(
                zh: "请检查表达式是否循环过大，或减少输入数据。",
                en: "Check the expression for loops that are too large, or give it less data."
            )
        )
    }
}

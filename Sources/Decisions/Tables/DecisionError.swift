package import Kernel

/// Why a decision table cannot be read, or gives no answer.
package enum DecisionError: Error, Equatable {
    case noOutputs(table: String)
    case tooLarge(table: String, rows: Int, columns: Int)
    case wrongWidth(table: String, row: Int, cells: Int, expected: Int)
    /// A cell that cannot be read; row 0 is the heading.
    case cell(FEELError, table: String, row: Int, column: Int)
    case severalRows(table: String, rows: [Int])
    case differentAnswers(table: String, rows: [Int])
    case inputNotAllowed(table: String, input: String, value: Value, allowed: String)
    case stopped(FEELError, table: String)
}

extension DecisionError: Explainable {
    package var problem: Problem {
        switch self {
        case .noOutputs(let table):
            Problem(
                code: "decision.no_outputs",
                title: Phrase(zh: "决策表没有输出列。", en: "The decision table has no outputs."),
                location: Self.location(table),
                cause: Phrase(zh: "一张决策表至少要有一列输出。", en: "A decision table says at least one thing."),
                remedy: Phrase(zh: "请增加一列输出。", en: "Add an output.")
            )
        case .tooLarge(let table, let rows, let columns):
            Problem(
                code: "decision.too_large",
                title: Phrase(zh: "决策表过大。", en: "The decision table is too large."),
                location: Self.location(table),
                cause: Phrase(
                    zh: "共 \(rows) 行 \(columns) 列，上限为 \(DecisionTable.rowLimit) 行 \(DecisionTable.columnLimit) 列。",
                    en: "It has \(rows) rows and \(columns) columns; the limits are \(DecisionTable.rowLimit) and "
                        + "\(DecisionTable.columnLimit)."
                ),
                remedy: Phrase(zh: "请拆成几张表。", en: "Split it into several tables.")
            )
        case .wrongWidth(let table, let row, let cells, let expected):
            Problem(
                code: "decision.wrong_width",
                title: Phrase(zh: "决策表有一行的单元格数不对。", en: "A row of the decision table has the wrong number of cells."),
                location: Self.location(table, row: row),
                cause: Phrase(
                    zh: "该行有 \(cells) 格，应为 \(expected) 格。", en: "It has \(cells) cells instead of \(expected)."),
                remedy: Phrase(
                    zh: "请补齐或删去单元格；不限条件的格写「-」。",
                    en: "Add or remove cells; write “-” where anything will do."
                )
            )
        case .cell(let error, let table, let row, let column):
            Problem(
                code: error.problem.code,
                title: error.problem.title,
                location: Phrase(
                    zh: Self.location(table, row: row).zh + "第 \(column) 列，\(error.problem.location.zh)",
                    en: Self.location(table, row: row).en + ", column \(column), \(error.problem.location.en)"
                ),
                cause: error.problem.cause,
                remedy: error.problem.remedy
            )
        case .severalRows(let table, let rows):
            Problem(
                code: "decision.several_rows",
                title: Phrase(zh: "决策表有多行同时命中。", en: "Several rows of the decision table match."),
                location: Self.location(table),
                cause: Phrase(
                    zh: "命中策略为「唯一」，但第 \(Self.list(rows)) 行都命中。",
                    en: "Its hit policy is unique, but rows \(Self.list(rows)) all match."
                ),
                remedy: Phrase(
                    zh: "请修改这些行的条件使其互斥，或改用其他命中策略。",
                    en: "Make the conditions of these rows exclude each other, or choose another hit policy."
                )
            )
        case .differentAnswers(let table, let rows):
            Problem(
                code: "decision.different_answers",
                title: Phrase(zh: "命中的各行给出了不同的结果。", en: "The rows that match say different things."),
                location: Self.location(table),
                cause: Phrase(
                    zh: "命中策略为「任意」，但第 \(Self.list(rows)) 行的结果不一致。",
                    en: "Its hit policy is any, but rows \(Self.list(rows)) differ."
                ),
                remedy: Phrase(zh: "请使这些行的结果一致，或改用其他命中策略。", en: "Let them agree, or choose another hit policy.")
            )
        case .inputNotAllowed(let table, let input, let value, let allowed):
            Problem(
                code: "decision.input_not_allowed",
                title: Phrase(
                    zh: "决策表的输入值不在允许范围内。", en: "An input of the decision table has a value that is not allowed."),
                location: Phrase(
                    zh: Self.location(table).zh + "，输入「\(input)」", en: Self.location(table).en + ", input “\(input)”"),
                cause: Phrase(
                    zh: "允许的值为 \(allowed)，实际为 \(value)。", en: "Allowed is \(allowed); it was \(value)."),
                remedy: Phrase(
                    zh: "请改正单据上的值，或把它加入允许值。",
                    en: "Correct the value where it comes from, or add it to the allowed ones."
                )
            )
        case .stopped(let error, let table):
            Problem(
                code: error.problem.code,
                title: error.problem.title,
                location: Self.location(table),
                cause: error.problem.cause,
                remedy: error.problem.remedy
            )
        }
    }

    private static func list(_ rows: [Int]) -> String { rows.map(String.init).joined(separator: ", ") }

    private static func location(_ table: String) -> Phrase {
        Phrase(zh: "决策表「\(table)」", en: "decision table “\(table)”")
    }

    private static func location(_ table: String, row: Int) -> Phrase {
        row == 0
            ? Phrase(zh: location(table).zh + "表头", en: location(table).en + ", heading")
            : Phrase(zh: location(table).zh + "第 \(row) 行", en: location(table).en + ", row \(row)")
    }
}

package import Kernel

/// Why a set of lines is not a voucher, or not one of this book.
package enum VoucherError: Error, Hashable {
    case tooFewLines(Voucher.ID, count: Int)
    case tooManyLines(Voucher.ID, count: Int)
    case attachments(Voucher.ID, count: Int)
    case summaryLength(Voucher.ID, bytes: Int)
    case noMaker(Voucher.ID)
    case unbalanced(Voucher.ID, debit: Money, credit: Money)
    case wrongWord(Voucher.ID, expected: VoucherWord, found: VoucherWord)
    case reversalOfReversal(Voucher.ID)
    case reversalBeforeOriginal(Voucher.ID, original: Day, reversal: Day)
    case malformed(field: String)
    case line(Voucher.ID, number: Int, LineFault)
}

extension VoucherError: Explainable {
    package var problem: Problem {
        if case .line(let id, let number, let fault) = self { return fault.problem(voucher: id, line: number) }
        return Problem(code: code, title: title, location: location, cause: cause, remedy: remedy)
    }

    private var code: String {
        switch self {
        case .tooFewLines: "voucher.too_few_lines"
        case .tooManyLines: "voucher.too_many_lines"
        case .attachments: "voucher.attachments"
        case .summaryLength: "voucher.summary_length"
        case .noMaker: "voucher.no_maker"
        case .unbalanced: "voucher.unbalanced"
        case .wrongWord: "voucher.wrong_word"
        case .reversalOfReversal: "voucher.reversal_of_reversal"
        case .reversalBeforeOriginal: "voucher.reversal_before_original"
        case .malformed: "voucher.malformed"
        case .line(_, _, let fault): fault.code
        }
    }

    private var title: Phrase {
        switch self {
        case .tooFewLines:
            Phrase(zh: "凭证至少要有一借一贷两行分录。", en: "A voucher needs at least one debit and one credit line.")
        case .tooManyLines: Phrase(zh: "凭证的分录过多。", en: "The voucher has too many lines.")
        case .attachments: Phrase(zh: "附单据数不合理。", en: "The number of attachments is not possible.")
        case .summaryLength: Phrase(zh: "凭证摘要为空或过长。", en: "The summary is empty or too long.")
        case .noMaker: Phrase(zh: "凭证没有制单人。", en: "The voucher has no maker.")
        case .unbalanced: Phrase(zh: "借贷不平。", en: "Debits and credits differ.")
        case .wrongWord: Phrase(zh: "凭证字与分录不符。", en: "The voucher word does not fit the lines.")
        case .reversalOfReversal: Phrase(zh: "红字冲销凭证不能再冲销。", en: "A reversal cannot be reversed.")
        case .reversalBeforeOriginal:
            Phrase(zh: "冲销日期早于原凭证日期。", en: "The reversal is dated before the voucher it takes back.")
        case .malformed: Phrase(zh: "凭证数据无法读取。", en: "The stored form of a voucher cannot be read.")
        case .line(_, _, let fault): fault.title
        }
    }

    private var location: Phrase {
        switch self {
        case .tooFewLines(let id, _), .tooManyLines(let id, _), .attachments(let id, _), .summaryLength(let id, _),
            .noMaker(let id), .unbalanced(let id, _, _), .wrongWord(let id, _, _), .reversalOfReversal(let id),
            .reversalBeforeOriginal(let id, _, _), .line(let id, _, _):
            Phrase(zh: "凭证 \(id)", en: "voucher \(id)")
        case .malformed(let field): Phrase(zh: "字段「\(field)」", en: "field “\(field)”")
        }
    }

    private var cause: Phrase {
        switch self {
        case .tooFewLines(_, let count): Phrase(zh: "只有 \(count) 行。", en: "It has \(count) lines.")
        case .tooManyLines(_, let count):
            Phrase(
                zh: "共 \(count) 行，上限为 \(Voucher.lineLimit) 行。",
                en: "It has \(count) lines; the limit is \(Voucher.lineLimit)."
            )
        case .attachments(_, let count):
            Phrase(
                zh: "写的是 \(count) 张，应在 0 到 \(Voucher.attachmentLimit) 之间。",
                en: "It says \(count); it must be from 0 to \(Voucher.attachmentLimit)."
            )
        case .summaryLength(_, let bytes):
            Phrase(
                zh: "摘要有 \(bytes) 字节，应为 1 到 \(VoucherLine.textLimit) 字节。",
                en: "It has \(bytes) bytes; it must have 1 to \(VoucherLine.textLimit)."
            )
        case .noMaker:
            Phrase(zh: "每张凭证都须有制单人或生成它的规则集。", en: "Each voucher names a person or the rule book that made it.")
        case .unbalanced(_, let debit, let credit):
            Phrase(zh: "借方合计 \(debit)，贷方合计 \(credit)。", en: "Debits are \(debit), credits are \(credit).")
        case .wrongWord(_, let expected, let found):
            Phrase(
                zh: "写的是「\(found.rawValue)」；按现金、银行科目的借贷方向应为「\(expected.rawValue)」。",
                en: "It says “\(found.rawValue)”; by its lines on cash and bank accounts it is “\(expected.rawValue)”."
            )
        case .reversalOfReversal:
            Phrase(zh: "它本身就是一张红字冲销凭证。", en: "It takes another voucher back already.")
        case .reversalBeforeOriginal(_, let original, let reversal):
            Phrase(
                zh: "原凭证日期 \(original)，冲销日期 \(reversal)。",
                en: "The voucher is of \(original), its reversal of \(reversal).")
        case .malformed:
            Phrase(zh: "该字段缺失，或内容不符合格式。", en: "The field is missing, or is not of its form.")
        case .line: Phrase(zh: "", en: "")
        }
    }

    private var remedy: Phrase {
        switch self {
        case .tooFewLines:
            Phrase(
                zh: "请补上缺少的分录，或检查规则是否产生了借贷两方。", en: "Add the missing line, or check that the rule produces both sides.")
        case .tooManyLines:
            Phrase(zh: "请拆分单据，或让规则按科目合并分录。", en: "Split the document, or let the rule group lines by account.")
        case .attachments: Phrase(zh: "请改正附单据数。", en: "Correct the number of attachments.")
        case .summaryLength: Phrase(zh: "请填写简短的摘要。", en: "Write a short summary.")
        case .noMaker: Phrase(zh: "请指定制单人后重试。", en: "Name the maker and try again.")
        case .unbalanced: Phrase(zh: "请改正金额，或补上缺少的分录。", en: "Correct the amounts, or add the line that is missing.")
        case .wrongWord: Phrase(zh: "请改用正确的凭证字。", en: "Use the word that fits.")
        case .reversalOfReversal:
            Phrase(zh: "请另填一张蓝字凭证补记。", en: "Write a new voucher with the right amounts instead.")
        case .reversalBeforeOriginal:
            Phrase(zh: "请把冲销日期定在原凭证日期当日或之后的开放期间内。", en: "Date it on or after the voucher's day, in an open period.")
        case .malformed:
            Phrase(
                zh: "请核对数据来源；若来自本系统，请运行 pingqiao log verify。",
                en: "Check where it came from; if from here, run pingqiao log verify.")
        case .line: Phrase(zh: "", en: "")
        }
    }
}

package import Kernel

/// Why a company is not set up, or its book not changed.
package enum CompanyError: Error, Hashable {
    case idInvalid(String)
    case idTaken(Book.ID)
    case nameInvalid(String)
    case taxIDInvalid(String)
    case unknownChoice(String, found: String, known: [String])
    case periodInvalid(String, limit: Int)
    /// A closed period is opened again by two persons, not by this door.
    case periodClosed(Period)
}

extension CompanyError: Explainable {
    package var problem: Problem {
        switch self {
        case .idInvalid(let text):
            Problem(
                code: "company.id_invalid",
                title: Phrase(zh: "账套编号不可用。", en: "This cannot be the id of a book."),
                location: Phrase(zh: "编号「\(text.prefix(40))」", en: "id “\(text.prefix(40))”"),
                cause: Phrase(
                    zh: "编号由 1 至 32 个字母、数字、- 或 _ 组成，且不能是 installation。",
                    en: "An id is 1 to 32 letters, digits, - or _, and not “installation”."
                ),
                remedy: Phrase(zh: "请改用如 C01 的编号；建账后不能更改。", en: "Use one such as C01; it never changes.")
            )
        case .idTaken(let id):
            Problem(
                code: "company.id_taken",
                title: Phrase(zh: "账套编号已被使用。", en: "The id is taken."),
                location: Phrase(zh: "账套 \(id)", en: "book \(id)"),
                cause: Phrase(zh: "已有同编号的账套。", en: "There is a book of this id."),
                remedy: Phrase(zh: "请换一个编号。", en: "Choose another one.")
            )
        case .nameInvalid(let text):
            Problem(
                code: "company.name_invalid",
                title: Phrase(zh: "公司名称不可用。", en: "This cannot be the name of a company."),
                location: Phrase(zh: "名称「\(text.prefix(64))」", en: "name “\(text.prefix(64))”"),
                cause: Phrase(
                    zh: "名称为 1 至 \(PeopleDesk.nameLimit) 个可见字符。",
                    en: "A name is 1 to \(PeopleDesk.nameLimit) visible characters."
                ),
                remedy: Phrase(zh: "请填写营业执照上的名称。", en: "Write the name of the business licence.")
            )
        case .taxIDInvalid(let text):
            Problem(
                code: "company.tax_id_invalid",
                title: Phrase(zh: "统一社会信用代码不对。", en: "The unified social credit code is wrong."),
                location: Phrase(zh: "「\(text.prefix(40))」", en: "“\(text.prefix(40))”"),
                cause: Phrase(
                    zh: "应为 18 位，且校验位相符（GB 32100-2015）；其中没有字母 I、O、S、V、Z。",
                    en: "It has 18 characters with a check character (GB 32100-2015), and no I, O, S, V or Z."
                ),
                remedy: Phrase(zh: "请对照营业执照核对。", en: "Compare it with the business licence.")
            )
        case .unknownChoice(let field, let found, let known):
            Problem(
                code: "company.unknown_choice",
                title: Phrase(zh: "没有这个选项。", en: "There is no such choice."),
                location: Phrase(zh: field, en: field),
                cause: Phrase(
                    zh: "收到「\(found.prefix(60))」，应为 \(known.joined(separator: "、")) 之一。",
                    en: "Found “\(found.prefix(60))”, expected one of \(known.joined(separator: ", "))."
                ),
                remedy: Phrase(zh: "请选择其中之一。", en: "Choose one of them.")
            )
        case .periodInvalid(let text, let limit):
            Problem(
                code: "company.period_invalid",
                title: Phrase(zh: "启用期间不可用。", en: "The books cannot begin in this period."),
                location: Phrase(zh: "启用期间「\(text.prefix(20))」", en: "first open period “\(text.prefix(20))”"),
                cause: Phrase(
                    zh: "应为 YYYY-MM，不晚于下月，且到本月不超过 \(limit) 个期间。",
                    en: "It is YYYY-MM, at the latest the next month, and at most \(limit) periods up to this month."
                ),
                remedy: Phrase(zh: "请选择较近的期间。", en: "Choose a later period.")
            )
        case .periodClosed(let period):
            Problem(
                code: "company.period_closed",
                title: Phrase(zh: "期间已结账，不能在此重新开放。", en: "The period is closed and is not opened again here."),
                location: Phrase(zh: "期间 \(period)", en: "period \(period)"),
                cause: Phrase(zh: "反结账须由两人办理。", en: "To reopen a period takes two persons."),
                remedy: Phrase(
                    zh: "请在开放的期间更正：红字冲销或补充登记。", en: "Correct in an open period: reverse, or add an entry."
                )
            )
        }
    }
}

package import Kernel
import Ledger

/// What somebody decided about a new company (建账). A plan that exists can be carried out.
package struct CompanyPlan: Sendable {
    package static let standards = ["cas", "small"]
    package static let taxpayers = ["一般纳税人", "小规模纳税人"]
    /// How many periods may be opened at once: whoever starts earlier brings opening balances of a later month.
    package static let openingLimit = 24

    package let book: Book
    package let periods: [Period]
    package let chart: ShippedBooks.ChartOfAccounts
    /// `nil` for a company that starts without rules: every case is held until it has some.
    package let rules: ShippedBooks.Rules?

    /// The answers as a form or a request has them.
    package struct Answers: Sendable {
        package var id = ""
        package var name = ""
        package var taxID = ""
        package var standard = "cas"
        package var taxpayer = CompanyPlan.taxpayers[0]
        package var currency = "CNY"
        /// The first open period, `YYYY-MM`; this month if empty.
        package var firstPeriod = ""
        /// A shipped chart; that of the standard if empty.
        package var chart = ""
        /// A shipped rule book, or `none`; that of the standard if empty.
        package var ruleBook = ""
        package var needsCashierSignature = true

        package init() {}
    }

    /// - Parameter today: The day in the company's own calendar.
    package init(_ answers: Answers, shipped: ShippedBooks, today: Day) throws(CompanyError) {
        let id = try Self.checkedID(answers.id)
        let name: String
        do throws(PeopleError) {
            name = try PeopleDesk.checkedName(answers.name)
        } catch {
            throw .nameInvalid(answers.name)
        }
        guard let taxID = CreditCode(answers.taxID) else { throw .taxIDInvalid(answers.taxID) }
        guard Self.standards.contains(answers.standard) else {
            throw .unknownChoice("standard", found: answers.standard, known: Self.standards)
        }
        guard Self.taxpayers.contains(answers.taxpayer) else {
            throw .unknownChoice("taxpayer", found: answers.taxpayer, known: Self.taxpayers)
        }
        guard let currency = Currency(answers.currency) else {
            throw .unknownChoice("currency", found: answers.currency, known: ["CNY", "USD", "…"])
        }
        let chart = answers.chart.isEmpty ? answers.standard : answers.chart
        guard let chosen = shipped.charts.first(where: { $0.id == chart }) else {
            throw .unknownChoice("chart", found: chart, known: shipped.charts.map(\.id))
        }
        let rules = answers.ruleBook.isEmpty ? answers.standard : answers.ruleBook
        self.rules = shipped.ruleBooks.first { $0.id == rules }
        guard self.rules != nil || rules == "none" else {
            throw .unknownChoice("rule_book", found: rules, known: shipped.ruleBooks.map(\.id) + ["none"])
        }
        self.chart = chosen
        periods = try Self.periods(from: answers.firstPeriod, today: today)
        book = Book(
            id: id, kind: .company, name: name, taxID: taxID.text, standard: answers.standard,
            taxpayer: answers.taxpayer, currency: currency,
            settings: Book.Settings(needsCashierSignature: answers.needsCashierSignature)
        )
    }

    private static func checkedID(_ text: String) throws(CompanyError) -> Book.ID {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, (1...32).contains(text.utf8.count), text.lowercased() != Book.installation.text else {
            throw .idInvalid(text)
        }
        return Book.ID(text)
    }

    /// The first period and every later one up to this month, so that business of all of them finds its day.
    private static func periods(from text: String, today: Day) throws(CompanyError) -> [Period] {
        guard let first = text.isEmpty ? today.period : Period(text), first <= today.period.next else {
            throw .periodInvalid(text, limit: openingLimit)
        }
        var periods = [first]
        while let last = periods.last, last < today.period {
            guard periods.count < openingLimit else { throw .periodInvalid(text, limit: openingLimit) }
            periods.append(last.next)
        }
        return periods
    }
}

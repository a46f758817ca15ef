package import Kernel
package import Ledger
import Rules
import Synchronization

/// What does not change from case to case: chart, directory, periods and rule books of one book, read once per version.
package struct BookPicture: Sendable {
    package let book: Book
    package let versions: BookVersions
    package let chart: Chart
    package let items: DimensionItems
    package let directory: PartyDirectory
    package let periods: [PeriodRecord]
    /// The rule books, or why they cannot be read; that holds cases, and nothing else stops.
    package let ruleBooks: Result<RuleShelf, RuleShelfError>

    package var zone: Zone { Zone.named(book.zoneName) }
    /// The first day on which vouchers may be dated; `nil` while no period is open.
    package var openFrom: Day? { periods.first(where: \.isOpen)?.period.firstDay }

    package func isOpen(_ period: Period) -> Bool { periods.contains { $0.period == period && $0.isOpen } }
}

/// Keeps the last picture of every book.
package final class BookPictures: Sendable {
    private let kept = Mutex<[Book.ID: BookPicture]>([:])
    private let compile: @Sendable ([RuleBookText], Chart) throws(RuleShelfError) -> RuleShelf

    /// - Parameter compile: Makes published rule books ready to run.
    package init(compile: @escaping @Sendable ([RuleBookText], Chart) throws(RuleShelfError) -> RuleShelf) {
        self.compile = compile
    }

    /// The picture of the book as the records show it.
    package func picture(in records: any Records) throws -> BookPicture {
        let versions = try records.versions()
        if let known = kept.withLock({ $0[records.book] }), known.versions == versions { return known }
        let chart = try records.masterData.chart()
        let texts = try records.ruleBooks.published()
        let items = try records.masterData.items()
        let picture = BookPicture(
            book: try records.settings(), versions: versions, chart: chart,
            items: DimensionItems(
                items.map {
                    DimensionItem(kind: $0.dimension, code: $0.code, name: $0.name, isActive: $0.isActive)
                }
            ),
            directory: PartyDirectory(items: items, mappings: try records.masterData.mappings()),
            periods: try records.ledger.periods(),
            ruleBooks: Result { () throws(RuleShelfError) -> RuleShelf in try compile(texts, chart) }
        )
        kept.withLock { $0[records.book] = picture }
        return picture
    }
}

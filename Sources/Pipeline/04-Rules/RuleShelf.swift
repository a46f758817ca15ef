package import Kernel
package import Ledger
package import Rules

/// The published rule books of a book, ready to run; several versions of one name stand beside each other.
package struct RuleShelf: Sendable {
    private let books: [(text: RuleBookText, book: RuleBook)]

    /// - Parameter includes: Reads the shared parts that a rule book names.
    package init(
        _ texts: [RuleBookText], includes: (String) throws -> String, chart: Chart
    ) throws(RuleShelfError) {
        var books: [(text: RuleBookText, book: RuleBook)] = []
        for text in texts {
            do throws(RuleBookError) {
                books.append((text, try RuleBook(yaml: text.text, includes: includes, chart: chart)))
            } catch {
                throw RuleShelfError(problem: error.problem)
            }
        }
        self.books = books
    }

    /// The text of the version that stands in a maker's place; `nil` for a person, or a version that is not here.
    package func text(of maker: PersonID) -> RuleBookText? {
        books.first { PersonID.rule(book: $0.book.name, version: $0.book.version) == maker }?.text
    }

    /// The versions in force on a day, one for each name: the latest that took effect by then.
    package func inForce(on day: Day) -> [RuleBook] {
        Dictionary(grouping: books.filter { $0.text.effectiveFrom <= day }, by: \.text.name)
            .sorted { $0.key < $1.key }
            .compactMap { _, versions in
                versions.max { ($0.text.effectiveFrom, $0.text.version) < ($1.text.effectiveFrom, $1.text.version) }?
                    .book
            }
    }
}

/// Why a book's rules cannot run: the problem of the rule book that cannot be read.
package struct RuleShelfError: Explainable, Hashable {
    package let problem: Problem
}

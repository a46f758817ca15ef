package import Kernel

/// Step 2: the vendor's form becomes our document.
package struct Normaliser: Sendable {
    /// What stands behind a delivery.
    package enum Reading: Sendable {
        /// To be filed in a book. The problem says what a person has to fix in it first.
        case document(Document, book: Book.ID, problem: Problem?)
        case irrelevant(Phrase)
        /// Not even the envelope of a document.
        case unreadable(Problem)
    }

    private let schema: DocumentSchema
    private let desk: ConnectorDesk.Desk
    private let books: [Book]

    package init(schema: DocumentSchema, desk: ConnectorDesk.Desk, books: [Book]) {
        self.schema = schema
        self.desk = desk
        self.books = books
    }

    /// Reads what a delivery points to.
    package func read(_ fetched: FetchedInstance) -> Reading {
        switch fetched {
        case .irrelevant(let why):
            return .irrelevant(why)
        case .document(let json):
            return place(json, mappingProblem: nil)
        case .instance(let payload):
            let mapping: Mapping
            do throws(MappingError) {
                mapping = try Mapping(desk.setting.mapping)
            } catch {
                return .unreadable(error.problem)
            }
            let mapped = mapping.document(from: payload)
            return place(mapped.document, mappingProblem: mapped.problems.first?.problem)
        }
    }

    private func place(_ json: JSON, mappingProblem: Problem?) -> Reading {
        let document: Document
        do throws(DocumentError) {
            document = try Document(json: json)
        } catch {
            return .unreadable(mappingProblem ?? error.problem)
        }
        let problem = mappingProblem ?? schema.problem(in: json)
        guard let book = book(of: document) else {
            return .document(
                document, book: desk.setting.homeBook, problem: problem ?? unknownCompany(document)
            )
        }
        return .document(document, book: book, problem: problem)
    }

    /// The company's book: by the connector's own table, by a code of ours, or by its exact name.
    private func book(of document: Document) -> Book.ID? {
        named(by: document).flatMap { desk.setting.serves($0) ? $0 : nil }
    }

    private func named(by document: Document) -> Book.ID? {
        guard let company = document.json["company"] else { return nil }
        let id = company["id"]?.string ?? ""
        if let named = desk.setting.options["companies"]?[id]?.string { return Book.ID(named) }
        let companies = books.filter { $0.kind == .company }
        let candidates = [company["code"]?.string, id].compactMap(\.self)
        return companies.first { candidates.contains($0.id.text) }?.id
            ?? companies.first { $0.name == company["name"]?.string }?.id
    }

    private func unknownCompany(_ document: Document) -> Problem {
        let company = document.json["company"]
        let name = "\(company?["name"]?.string ?? "?") (\(company?["id"]?.string ?? "?"))"
        return Problem(
            code: "company.unknown",
            title: Phrase(zh: "不知道这张单据属于哪个账套。", en: "No book is known for the document's company."),
            location: Phrase(zh: "/company", en: "/company"),
            cause: Phrase(zh: "公司 \(name) 没有对应的账套。", en: "The company \(name) has no book."),
            remedy: Phrase(
                zh: "请由实施人员在连接器中把该公司对应到账套，然后重放。",
                en: "Let the implementer map the company to a book in the connector, then replay it."
            )
        )
    }
}

extension Delivery {
    var stored: StoredDelivery {
        StoredDelivery(connector: connector, key: key, receivedAt: receivedAt, payload: payload)
    }
}

import Kernel
import Ledger
import Pipeline

extension ProductFiles {
    /// The mappings that ship, by the kind of connector each is for.
    func mappings(of kinds: [ConnectorKind]) throws -> [String: JSON] {
        var mappings: [String: JSON] = [:]
        for kind in kinds where kind.needsMapping { mappings[kind.id] = try json("Mappings/\(kind.id).json") }
        return mappings
    }

    /// The charts and rule books a new company may begin with.
    func shippedBooks() throws -> ShippedBooks {
        let titles = [
            ("cas", Phrase(zh: "企业会计准则", en: "Accounting Standards for Business Enterprises")),
            ("small", Phrase(zh: "小企业会计准则", en: "Accounting Standards for Small Enterprises")),
        ]
        return ShippedBooks(
            charts: try titles.map { id, title in
                ShippedBooks.ChartOfAccounts(
                    id: id, title: title, chart: try Chart(csv: try text("Charts/chart-of-accounts-\(id).csv"))
                )
            },
            ruleBooks: try titles.map { id, title in
                ShippedBooks.Rules(id: id, title: title, name: title.zh, text: try text("RuleBooks/\(id).yaml"))
            },
            check: { texts, chart throws(RuleShelfError) in
                _ = try RuleShelf(texts, includes: { try text("RuleBooks/" + $0) }, chart: chart)
            }
        )
    }
}

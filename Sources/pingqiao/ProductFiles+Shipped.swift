import Kernel
import Ledger
import Pipeline

extension ProductFiles {
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

package import Kernel
package import Ledger

/// What ships with the program for a new company: charts of accounts and rule books, by their short names.
package struct ShippedBooks: Sendable {
    /// 会计科目表
    package struct ChartOfAccounts: Sendable {
        package let id: String
        package let title: Phrase
        package let chart: Chart

        package init(id: String, title: Phrase, chart: Chart) {
            self.id = id
            self.title = title
            self.chart = chart
        }
    }

    /// 规则集
    package struct Rules: Sendable {
        package let id: String
        package let title: Phrase
        /// The name and text of its first version.
        package let name: String
        package let text: String

        package init(id: String, title: Phrase, name: String, text: String) {
            self.id = id
            self.title = title
            self.name = name
            self.text = text
        }
    }

    package let charts: [ChartOfAccounts]
    package let ruleBooks: [Rules]
    /// Proves that rule books run on a chart.
    package let check: @Sendable ([RuleBookText], Chart) throws(RuleShelfError) -> Void

    package init(
        charts: [ChartOfAccounts], ruleBooks: [Rules],
        check: @escaping @Sendable ([RuleBookText], Chart) throws(RuleShelfError) -> Void
    ) {
        self.charts = charts
        self.ruleBooks = ruleBooks
        self.check = check
    }
}

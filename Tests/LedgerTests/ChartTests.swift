import Kernel
import Ledger
import Testing

@Suite("Chart")
struct ChartTests {
    @Test("reads the charts that ship", arguments: [("cas", 310), ("small", 191)])
    func ships(name: String, count: Int) throws {
        let chart = try TestBook.chart(name)
        #expect(chart.accounts.count == count)
        #expect(chart.accounts.filter(\.isCash).map(\.code) == ["1001", "1002", "1012"])
        #expect(chart.accounts.filter(\.isBank).map(\.code) == ["1002"])
        #expect(try Chart(csv: chart.csv) == chart)
    }

    @Test("knows paths, leaves and levels")
    func tree() throws {
        let chart = try TestBook.chart()
        #expect(chart.fullName(of: "660207") == "管理费用-差旅费")
        #expect(chart.level(of: "22210101") == 3)
        #expect(chart.leaf("6602") == nil)
        #expect(chart.leaf("660207")?.dimensions == ["部门", "人员"])
        #expect(chart.leaf(named: "差旅费", under: "6602")?.code == "660207")
        #expect(chart.children(of: "2221").count > 5)
        #expect(chart.lies("22210101", at: "2221") && !chart.lies("2221", at: "22210101"))
    }

    @Test(
        "refuses what is no tree",
        arguments: [
            ([account("1"), account("1")], .duplicate("1")),
            ([account("11", parent: "1")], .missingParent("11", parent: "1")),
            ([account("1"), account("11", parent: "1")], .leafWithChildren("1", child: "11")),
            (
                [account("1", parent: "2", isLeaf: false), account("2", parent: "1", isLeaf: false)],
                .parentsInCircle("1")
            ),
            ([account("1", name: "")], .namelessAccount("1")),
        ] as [([Account], ChartError)]
    )
    func refuses(accounts: [Account], error: ChartError) {
        #expect(throws: error) { try Chart(accounts) }
    }

    @Test(
        "refuses text that is no chart",
        arguments: [
            ("", .missingColumn("code")),
            ("code,name,class,direction,parent\n", .missingColumn("is_leaf")),
            ("\(header)\n1,现金,资产,借,,是,\n1,2\n", .unevenRow(line: 3, expected: 7, found: 2)),
            ("\(header)\n1,现金,东西,借,,是,\n", .badField(line: 2, column: "class", found: "东西")),
            ("\(header)\n1,现金,资产,左,,是,\n", .badField(line: 2, column: "direction", found: "左")),
            ("\(header)\n一,现金,资产,借,,是,\n", .badField(line: 2, column: "code", found: "一")),
            ("\(header)\n1,现金,资产,借,,也许,\n", .badField(line: 2, column: "is_leaf", found: "也许")),
        ] as [(String, ChartError)]
    )
    func refusesText(text: String, error: ChartError) {
        #expect(throws: error) { try Chart(csv: text) }
    }

    @Test("reads quotes, a byte order mark, and dimensions that may be left out")
    func reads() throws {
        let chart = try Chart(csv: "\u{FEFF}\(header)\r\n1,\"现金,\"\"库存\"\"\",资产,借,,是,部门;项目?\r\n\n")
        #expect(chart["1"]?.name == "现金,\"库存\"")
        #expect(chart["1"]?.dimensions == ["部门"])
        #expect(chart["1"]?.optionalDimensions == ["项目"])
        #expect(try Chart(csv: chart.csv) == chart)
    }

    @Test("takes only codes of letters, digits, points and dashes", arguments: ["", "66 02", "６６０２", "a;b", "x:y"])
    func codes(text: String) {
        #expect(AccountCode(text) == nil)
        #expect(AccountCode(String(repeating: "1", count: 40)) != nil)
        #expect(AccountCode(String(repeating: "1", count: 41)) == nil)
    }
}

private let header = "code,name,class,direction,parent,is_leaf,aux"

private func account(
    _ code: AccountCode, parent: AccountCode? = nil, isLeaf: Bool = true, name: String = "现金"
) -> Account {
    Account(code: code, name: name, accountClass: .asset, direction: .debit, parent: parent, isLeaf: isLeaf)
}

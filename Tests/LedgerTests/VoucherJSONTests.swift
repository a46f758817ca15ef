import Kernel
import Ledger
import Testing

@Suite("Voucher JSON")
struct VoucherJSONTests {
    @Test("is read back without loss, and has one canonical form", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var maker = VoucherMaker(chart: try TestBook.chart(), seed: seed)
        for posted in try maker.book(vouchers: 200) {
            let voucher = posted.voucher
            let text = voucher.json.text
            let read = try Voucher(json: JSON(parsing: text))
            #expect(read == voucher)
            #expect(read.json.canonical == voucher.json.canonical)
        }
    }

    @Test("has a form that stays")
    func golden() throws {
        let voucher = try Voucher(
            id: "V-7", word: .payment, date: Day("2026-11-20") ?? Day(number: 0), attachments: 2, summary: "付货款",
            lines: [
                VoucherLine(
                    .debit, "220201", Money(minorUnits: 710_00, .cny), original: Money(minorUnits: 100_00, .usd),
                    rate: Rate("7.1"), dimensions: ["供应商": "S001"], origin: .reversal(of: "V-6", line: 1)
                ),
                VoucherLine(
                    .credit, "1002", Money(minorUnits: 710_00, .cny), summary: "电汇",
                    dimensions: ["银行账户": "B01"], cashFlowItem: "购买商品、接受劳务支付的现金"
                ),
            ],
            reverses: "V-6", caseID: "C-1", makers: ["u-1", "u-2"]
        )
        let expected = """
            {"id":"V-7","word":"付","date":"2026-11-20","attachments":2,"summary":"付货款","currency":"CNY","lines":[\
            {"account":"220201","side":"debit","amount":"710.00","currency":"USD","original":"100.00","rate":"7.1",\
            "dimensions":{"供应商":"S001"},"origin":{"kind":"reversal","voucher":"V-6","line":1}},\
            {"summary":"电汇","account":"1002","side":"credit","amount":"710.00","dimensions":{"银行账户":"B01"},\
            "cash_flow_item":"购买商品、接受劳务支付的现金"}],"reverses":"V-6","case":"C-1","makers":["u-1","u-2"]}
            """
        #expect(voucher.json.text == expected)
    }

    @Test(
        "names the field it cannot read",
        arguments: [
            ("date", "2026-02-30", "date"), ("word", "字", "word"), ("currency", "元", "currency"),
            ("makers", [1], "makers"), ("attachments", "1", "attachments"), ("lines", [[:]], "lines[0].side"),
            (
                "lines", [["side": "debit", "account": "1001", "amount": "1.001"]], "lines[0].amount"
            ),
            (
                "lines", [["side": "debit", "account": "1001", "amount": "1", "original": "1"]], "lines[0].original"
            ),
        ] as [(String, JSON, String)]
    )
    func refuses(member: String, value: JSON, field: String) throws {
        let json = try TestBook.claim().json.setting(member, value)
        #expect(throws: VoucherError.malformed(field: field)) { try Voucher(json: json) }
    }

    @Test("tells where a line came from")
    func origin() throws {
        let rule = LineOrigin.rule(
            book: "费用", version: "3", name: "差旅", template: "2", rows: ["t#1"], field: "金额",
            evidence: (key: "2633", field: "tax")
        )
        let read = try LineOrigin(text: rule.text)
        #expect(read == rule)
        #expect(read.kind == "rule" && read.ruleBook == "费用" && read.ruleVersion == "3" && read.rule == "差旅")
        #expect(read.rows == ["t#1"] && read.field == "金额")
        #expect(read.evidenceKey == "2633" && read.evidenceField == "tax")
        let person = LineOrigin.person("u-1", before: rule.json, reason: "改部门")
        #expect(person.person == "u-1" && person.before.map { LineOrigin(json: $0).rule } == "差旅")
    }
}

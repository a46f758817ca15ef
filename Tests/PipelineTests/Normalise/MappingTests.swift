import Foundation
import Kernel
import Pipeline
import Testing

@Suite("Mapping")
struct MappingTests {
    @Test(
        "makes valid documents of the corpus with the amounts of the source",
        arguments: [
            ("expense", "expense", "3486.50", ["2150.00", "86.50", "1250.00"], ["air", "taxi", "entertainment"]),
            ("payment", "payment", "128765.43", ["128765.43"], ["rent"]),
            (
                "purchase", "purchase_order", "58000.00", ["3800.00", "2000.00", "52200.00"],
                ["goods", "goods", "goods"]
            ),
            ("travel", "travel_request", "5000.00", ["5000.00"], ["other"]),
        ]
    )
    func corpus(name: String, kind: String, total: String, gross: [String], kinds: [String]) throws {
        let file = "corpus/oa/dingtalk/instance_\(name).json"
        guard let payload = try NormaliseFixtures.corpus(file, cases: 1) else { return }
        let result = try normalise(platform: "dingtalk", payload: payload, mapping: NormaliseFixtures.mapping())
        #expect(result.problems.isEmpty)
        #expect(result.unmapped.isEmpty)
        #expect(try NormaliseFixtures.schema().violations(in: result.document).isEmpty)
        #expect(result.document["kind"]?.string == kind)
        #expect(result.document["total"]?.string == total)
        #expect(result.document["items"]?.array?.map { $0["gross"]?.string } == gross)
        #expect(result.document["items"]?.array?.map { $0["kind"]?.string } == kinds)
        #expect((result.document["trail"]?.array?.count ?? 0) >= 2)
    }

    @Test("carries parties, times, evidence, attachments and the trail")
    func details() throws {
        guard let payload = try NormaliseFixtures.corpus("corpus/oa/dingtalk/instance_expense.json", cases: 1) else {
            return
        }
        let document = try normalise(
            platform: "dingtalk", payload: payload, mapping: NormaliseFixtures.mapping()
        ).document
        #expect(document["applicant"] == ["id": "zhangsan", "name": "张三"])
        #expect(document["payee"] == ["id": "zhangsan", "name": "张三"])
        #expect(document["department"] == ["id": "12", "name": "市场部"])
        #expect(document["number"]?.string == "202603210000000000")
        #expect(document["submitted_at"]?.string == "2026-03-21T10:00:00+08:00")
        #expect(document["approved_at"]?.string == "2026-03-21T14:30:00+08:00")
        #expect(document["items"]?[0]?["evidence"] == [["number": "24442000000074288816"]])
        #expect(document["items"]?[1]?["evidence"] == nil)
        #expect(
            document["attachments"]?[1]
                == [
                    "name": "餐饮发票.ofd", "media_type": "application/ofd", "size": 12044,
                    "url": "dingtalk:1922995d-8401_6e51c6b36d/27878781001/225318510001",
                ]
        )
        #expect(document["trail"]?[2]?["action"]?.string == "approve")
        #expect(document["trail"]?[2]?["comment"]?.string == "票据齐全")
    }

    @Test("keeps the source a delivery brought")
    func source() throws {
        let source: JSON = [
            "connector": "dd", "tenant": "corp", "instance": "i-1", "revision": 7, "outcome": "withdrawn",
        ]
        let payload = Self.form([Self.money("总金额", "12.00")]).setting("source", source)
            .setting("ended_at", "2026-03-22T10:00Z")
        let document = try Self.shipped().document(from: payload).document
        #expect(document["source"] == source)
        #expect(document["ended_at"]?.string == "2026-03-22T18:00:00+08:00")
        #expect(document["approved_at"] == nil)
        #expect(document["company"] == ["id": "corp", "name": "corp"])
    }

    @Test(
        "reads plain decimals only",
        arguments: [
            ("3486.50", true), ("0", true), ("-3.5", true), ("999999999999999.99", true), ("1000000000000000", false),
            ("1.234", false), ("1,234.50", false), ("¥12.00", false), ("12元", false), ("1e3", false), ("+1", false),
            (".5", false), ("5.", false), ("007", false), (" 1", false), ("１２", false), ("--1", false), ("-", false),
        ]
    )
    func amounts(text: String, isAmount: Bool) throws {
        let result = try Self.shipped().document(from: Self.form([Self.money("总金额", text)]))
        #expect((result.document["total"]?.string == text) == isAmount)
        #expect(result.problems.contains { $0.path == "/total" } == !isAmount)
    }

    @Test(
        "takes grouping and signs where the mapping says so",
        arguments: [
            ("¥1,234.50", "1234.50"), ("-￥1,234,567", "-1234567"), ("12.00", "12.00"), ("1,23", nil), ("1,2345", nil),
            (",123", nil), ("1234,567", nil), ("$1", nil),
        ]
    )
    func notation(text: String, expected: String?) throws {
        let mapping = try NormaliseFixtures.mapping().setting("amounts", ["grouping": ",", "signs": ["¥", "￥"]])
        let document = try Mapping(mapping).document(from: Self.form([Self.money("总金额", text)])).document
        #expect(document["total"]?.string == expected)
    }

    @Test("holds money that no rule takes, in the form and in a table")
    func unmappedMoney() throws {
        let result = try Self.shipped().document(
            from: Self.form([
                Self.money("总金额", "12.00"), Self.money("押金", "5.00"),
                Self.field(
                    "TableField", "另表", #"[{"rowValue":[{"label":"附加金额","value":"3.00"},{"label":"备注","value":"x"}]}]"#),
                Self.field("TextField", "备注", "无"), Self.money("空", ""),
            ])
        )
        #expect(
            result.problems.filter { $0.path == nil } == [
                .unmappedMoney(field: "押金", value: "5.00"), .unmappedMoney(field: "另表 1 · 附加金额", value: "3.00"),
            ]
        )
        #expect(result.unmapped == ["押金", "另表", "备注"])
        #expect(result.document["fields"]?["备注"]?.string == "无")
    }

    @Test("holds a second amount under the label of the first")
    func repeatedLabel() throws {
        let result = try Self.shipped().document(
            from: Self.form([Self.money("总金额", "12.00"), Self.money("总金额", "13.00")])
        )
        #expect(result.document["total"]?.string == "12.00")
        #expect(result.problems.contains(.unmappedMoney(field: "总金额", value: "13.00")))
    }

    @Test("names a missing field, an unknown choice and an unknown kind")
    func problems() throws {
        let rows = #"[[{"name":"费用类型","value":"月球旅行"},{"name":"金额","value":"1.00"}]]"#
        let result = try Self.shipped().document(
            from: Self.form([Self.field("TableField", "明细", rows)], title: "某事")
        )
        #expect(result.problems.contains { if case .missing("/kind", _) = $0 { true } else { false } })
        #expect(result.problems.contains { if case .missing("/total", _) = $0 { true } else { false } })
        #expect(
            result.problems.contains(
                .unknownChoice(path: "/items/0/kind", field: "费用类型", table: "item_kinds", found: "月球旅行")
            )
        )
    }

    @Test(
        "reads every shape of a table",
        arguments: [
            #"[{"rowValue":[{"label":"金额","value":"1.00","key":"K1"}],"rowNumber":"r"}]"#,
            #"[[{"name":"金额","value":"1.00"}]]"#, #"[{"金额":"1.00"}]"#, #"[{"rowNumber":"r","金额":"1.00"}]"#,
        ]
    )
    func tables(rows: String) throws {
        let result = try Self.shipped().document(
            from: Self.form([Self.money("总金额", "1.00"), Self.field("TableField", "明细", rows)])
        )
        #expect(result.document["items"]?[0]?["gross"]?.string == "1.00")
        #expect(result.problems.isEmpty)
    }

    @Test("selects by id and alias before a label is asked")
    func selectors() throws {
        var mapping = try NormaliseFixtures.mapping()
        mapping = mapping.setting(
            "document", [["to": "total", "as": "amount", "from": ["id:M-2", "alias:total"]]]
        )
        let fields: [JSON] = [
            ["id": "M-1", "name": "甲", "componentType": "MoneyField", "value": "1.00", "bizAlias": "total"],
            ["id": "M-2", "name": "乙", "componentType": "MoneyField", "value": "2.00"],
        ]
        let document = try Mapping(mapping).document(from: Self.form(fields)).document
        #expect(document["total"]?.string == "2.00")
    }

    @Test("gives files of one name their own names, and photos their links")
    func files() throws {
        let files =
            #"[{"spaceId":"1","fileName":"票.pdf","fileSize":"5","fileId":"2"},{"spaceId":1,"fileName":"票.pdf","fileId":"a/b"},{"fileName":"无号.pdf"}]"#
        let result = try Self.shipped().document(
            from: Self.form([
                Self.field("DDAttachment", "附件", files),
                Self.field("DDPhotoField", "图片", #"["https://a.example/x/1.png?e=1","https://a.example/y"]"#),
            ])
        )
        let attachments = result.document["attachments"]?.array ?? []
        #expect(attachments.map { $0["name"]?.string } == ["票.pdf", "票 (2).pdf", "1.png", "图片 2.jpg"])
        #expect(attachments[1]["url"]?.string == "dingtalk:i-1/1/a%2Fb")
        #expect(attachments[2]["url"]?.string == "https://a.example/x/1.png?e=1")
        #expect(result.problems.contains { $0.path == "/attachments" })
    }

    @Test("carries files that came with a comment")
    func filesOfComments() throws {
        let file: JSON = ["spaceId": "s", "fileName": "补票.pdf", "fileSize": 9, "fileId": "f"]
        let form = Self.form([Self.money("总金额", "12.00")])
        let record: JSON = ["type": "ADD_REMARK", "showName": "评论", "attachments": [file]]
        let result = (form["result"] ?? .null).setting("operationRecords", [record])
        let document = try Self.shipped().document(from: ["result": result]).document
        #expect(document["attachments"]?[0]?["name"]?.string == "补票.pdf")
        #expect(document["attachments"]?[0]?["url"]?.string == "dingtalk:i-1/s/f?comment")
    }

    @Test(
        "refuses a mapping that is wrong, and names the place",
        arguments: [
            (#"{"format":"pingqiao.mapping/2"}"#, MappingError.unknownVersion("pingqiao.mapping/2")),
            (#"{}"#, .malformed(path: "format", expected: "“pingqiao.mapping/1”")),
            (
                #"{"format":"pingqiao.mapping/1","document":[{"to":"total","as":"money"}]}"#,
                .malformed(
                    path: "document.0.as", expected: "text, amount, decimal, integer, date, time, party, choice, raw")
            ),
            (
                #"{"format":"pingqiao.mapping/1","document":[{"to":"total","form":"x"}]}"#,
                .malformed(path: "document.0.form", expected: "one of the members of a rule")
            ),
            (
                #"{"format":"pingqiao.mapping/1","items":{"rules":[{"to":"kind","as":"choice","table":"none"}]}}"#,
                .malformed(path: "items.rules.0.table", expected: "the name of a table, with “as”: “choice”")
            ),
        ]
    )
    func malformed(text: String, expected: MappingError) throws {
        #expect(throws: expected) { _ = try Mapping(JSON(parsing: text)) }
    }

    private static func shipped() throws -> Mapping { try Mapping(NormaliseFixtures.mapping()) }

    private static func money(_ label: String, _ value: String) -> JSON { field("MoneyField", label, value) }

    private static func field(_ type: String, _ label: String, _ value: String) -> JSON {
        [
            "id": .string("\(type)-\(label)"), "name": .string(label), "componentType": .string(type),
            "value": .string(value),
        ]
    }

    private static func form(_ fields: [JSON], title: String = "张三提交的费用报销") -> JSON {
        [
            "result": [
                "title": .string(title), "createTime": "2026-03-21 10:00:00", "finishTime": "2026-03-21T06:30Z",
                "originatorUserId": "zhangsan", "originatorDeptId": "12", "originatorDeptName": "市场部",
                "businessId": "i-1", "formComponentValues": .array(fields),
            ]
        ]
    }
}

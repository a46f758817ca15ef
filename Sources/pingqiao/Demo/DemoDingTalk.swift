import Connectors
import Cryptography
import Kernel
import Pipeline

/// The demo's 钉钉: a simulator on loopback with one approval, its invoice, and its encrypted callback.
struct DemoDingTalk {
    static let connector = "demo-dingtalk"
    private static let instance = "demo-instance-0001"

    let fake: FakeDingTalk
    private let now: Timestamp

    static func start(now: Timestamp) async throws -> DemoDingTalk {
        let invoice = DemoInvoices(now: now).training2
        let fake = try await FakeDingTalk.start()
        fake.set(payload(now: now, invoice: invoice), for: instance)
        fake.set(invoice.file.bytes, for: "demo-file-1")
        return DemoDingTalk(fake: fake, now: now)
    }

    func setting(mapping: JSON) -> ConnectorSetting {
        fake.setting(
            id: Self.connector, homeBook: DemoCompany.id, mapping: mapping,
            options: ["companies": ["dingfakecorp0001": .string(DemoCompany.id.text)]]
        )
    }

    /// The callback that tells the approval ended.
    func callback() -> InboundRequest? {
        let event = FakeDingTalk.event(instance: Self.instance, eventID: "demo-event-0001", finishedAt: now)
        return FakeDingTalk.callback(event, now: now, random: { randomBytes($0) })
    }

    private static func payload(now: Timestamp, invoice: DemoInvoices.Made) -> JSON {
        let created = now.adding(seconds: -7200).text(offsetSeconds: 8 * 3600)
        let finished = now.adding(seconds: -3000).text(offsetSeconds: 8 * 3600)
        let row: JSON = [
            "rowValue": [
                cell("费用类型", "培训费"), cell("日期", String(finished.prefix(10))), cell("金额", "1060.00"),
                cell("税额", "60.00"), cell("发票号", invoice.number),
            ],
            "rowNumber": "TableField_1",
        ]
        let file: JSON = [
            "spaceId": "1", "fileName": .string(invoice.file.name), "fileSize": .integer(invoice.file.bytes.count),
            "fileType": "xml", "fileId": "demo-file-1",
        ]
        return [
            "title": "王五提交的费用报销", "createTime": .string(created), "finishTime": .string(finished),
            "originatorUserId": "u-03", "originatorDeptId": "d-10", "originatorDeptName": "行政部",
            "status": "COMPLETED", "result": "agree", "businessId": "DD-1018", "bizAction": "NONE",
            "formComponentValues": [
                component("TextareaField", "事由", "产品安全培训"),
                component("MoneyField", "总金额（元）", "1060.00"),
                component("TableField", "明细", JSON.array([row]).text),
                component("DDAttachment", "附件", JSON.array([file]).text),
            ],
            "operationRecords": [
                record("u-03", created, "START_PROCESS_INSTANCE", "NONE", "发起审批"),
                record("u-20", finished, "EXECUTE_TASK_NORMAL", "AGREE", "部门主管"),
            ],
            "tasks": [],
        ]
    }

    private static func cell(_ label: String, _ value: String) -> JSON {
        ["componentType": "TextField", "label": .string(label), "value": .string(value), "key": .string(label)]
    }

    private static func component(_ type: String, _ name: String, _ value: String) -> JSON {
        ["id": .string(type + "-1"), "name": .string(name), "componentType": .string(type), "value": .string(value)]
    }

    private static func record(
        _ user: String, _ date: String, _ type: String, _ result: String, _ name: String
    ) -> JSON {
        [
            "userId": .string(user), "date": .string(date), "type": .string(type), "result": .string(result),
            "showName": .string(name), "remark": "",
        ]
    }
}

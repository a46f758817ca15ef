import Connectors
import Cryptography
import Kernel
import Pipeline

/// An approval in the company's simulated 钉钉, with its invoice.
struct DingTalkForm: Sendable {
    static let connector = "dingtalk"
    static let instance = "instance-1"

    let invoice: Invoice
    var total = "1060.00"

    /// Puts the approval into the simulator.
    func put(into fake: FakeDingTalk) {
        fake.set(payload, for: Self.instance)
        fake.set(invoice.file.bytes, for: "file-1")
    }

    /// The callback that tells the approval ended.
    static func callback(at now: Timestamp, event: String = "event-1") -> InboundRequest? {
        FakeDingTalk.callback(
            FakeDingTalk.event(instance: instance, eventID: event, finishedAt: now), now: now,
            random: { randomBytes($0) }
        )
    }

    private var payload: JSON {
        let cells = [("费用类型", "培训费"), ("日期", "2026-04-10"), ("金额", total), ("税额", "60.00"), ("发票号", invoice.number)]
        let row: JSON = [
            "rowValue": .array(
                cells.map { label, value in
                    [
                        "componentType": "TextField", "label": .string(label), "value": .string(value),
                        "key": .string(label),
                    ]
                }
            ), "rowNumber": "TableField_1",
        ]
        let file: JSON = [
            "spaceId": "1", "fileName": .string(invoice.file.name), "fileSize": .integer(invoice.file.bytes.count),
            "fileType": "xml", "fileId": "file-1",
        ]
        return [
            "title": "王五提交的费用报销", "createTime": "2026-04-10T09:00:00+08:00",
            "finishTime": "2026-04-10T10:00:00+08:00", "originatorUserId": "u-03", "originatorDeptId": "d-10",
            "originatorDeptName": "行政部", "status": "COMPLETED", "result": "agree", "businessId": "DD-1",
            "bizAction": "NONE",
            "formComponentValues": [
                Self.component("TextareaField", "事由", "产品安全培训"), Self.component("MoneyField", "总金额（元）", total),
                Self.component("TableField", "明细", JSON.array([row]).text),
                Self.component("DDAttachment", "附件", JSON.array([file]).text),
            ],
            "operationRecords": [
                Self.record("u-03", "2026-04-10T09:00:00+08:00", "START_PROCESS_INSTANCE", "NONE", "发起审批"),
                Self.record("u-20", "2026-04-10T10:00:00+08:00", "EXECUTE_TASK_NORMAL", "AGREE", "部门主管"),
            ], "tasks": [],
        ]
    }

    private static func component(_ type: String, _ name: String, _ value: String) -> JSON {
        ["id": .string(type + "-1"), "name": .string(name), "componentType": .string(type), "value": .string(value)]
    }

    private static func record(_ user: String, _ date: String, _ type: String, _ result: String, _ name: String) -> JSON
    {
        [
            "userId": .string(user), "date": .string(date), "type": .string(type), "result": .string(result),
            "showName": .string(name), "remark": "",
        ]
    }
}

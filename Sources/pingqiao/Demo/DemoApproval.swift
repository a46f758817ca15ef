import Cryptography
import Kernel

/// One approval of the demo in the one document form, with the files it brings.
struct DemoApproval: Sendable {
    let key: String
    let document: JSON
}

/// Builds the demo's documents; every amount matches its invoice.
struct DemoForm {
    let connector: String
    /// When the approvals ended; a few minutes apart, in order.
    let now: Timestamp

    /// - Parameters:
    ///   - number: What people read in the OA; also the instance.
    ///   - minute: How many minutes before now the approval ended.
    func document(
        _ kind: String, _ number: String, title: String, total: String?, minute: Int64, revision: Int = 1,
        outcome: String = "approved", applicant: (String, String) = ("u-01", "张三"),
        department: (String, String) = ("d-10", "行政部"), items: [JSON], files: [(name: String, bytes: [UInt8])] = [],
        extra: [(String, JSON)] = []
    ) -> JSON {
        let approved = now.adding(seconds: -60 * minute).text(offsetSeconds: 8 * 3600)
        let submitted = now.adding(seconds: -60 * minute - 3600).text(offsetSeconds: 8 * 3600)
        var members: [(String, JSON)] = [
            (
                "source",
                [
                    "connector": .string(connector), "tenant": "demo", "instance": .string(number),
                    "revision": .integer(revision), "outcome": .string(outcome),
                ]
            ),
            ("kind", .string(kind)), ("number", .string(number)), ("title", .string(title)),
            ("company", party("C01", DemoCompany.name)), ("department", party(department)),
            ("applicant", party(applicant)), ("currency", "CNY"),
        ]
        if let total { members.append(("total", .string(total))) }
        members.append(("submitted_at", .string(submitted)))
        members.append(("approved_at", .string(approved)))
        if ["withdrawn", "voided", "amended"].contains(outcome) { members.append(("ended_at", .string(approved))) }
        if !items.isEmpty { members.append(("items", .array(items))) }
        members.append(("trail", trail(submitted: submitted, approved: approved, applicant: applicant)))
        if !files.isEmpty { members.append(("attachments", .array(files.map(attachment)))) }
        return .object(members + extra)
    }

    func party(_ id: String, _ name: String) -> JSON { ["id": .string(id), "name": .string(name)] }
    func party(_ pair: (String, String)) -> JSON { party(pair.0, pair.1) }

    func item(_ number: Int, _ kind: String, gross: String, invoice: String? = nil, extra: [(String, JSON)] = [])
        -> JSON
    {
        var members: [(String, JSON)] = [
            ("no", .integer(number)), ("kind", .string(kind)), ("gross", .string(gross)),
        ]
        if let invoice { members.append(("evidence", [["number": .string(invoice)]])) }
        return .object(members + extra)
    }

    private func trail(submitted: String, approved: String, applicant: (String, String)) -> JSON {
        [
            [
                "node": "发起", "person": party(applicant), "action": "submit", "entered_at": .string(submitted),
                "left_at": .string(submitted),
            ],
            [
                "node": "部门主管", "person": party("u-20", "钱主管"), "action": "approve", "comment": "同意",
                "entered_at": .string(submitted), "left_at": .string(approved),
            ],
        ]
    }

    private func attachment(_ file: (name: String, bytes: [UInt8])) -> JSON {
        [
            "name": .string(file.name), "media_type": .string(mediaType(file.name)), "size": .integer(file.bytes.count),
            "sha256": .string(sha256(file.bytes).hex), "content_base64": .string(Base64.encode(file.bytes)),
        ]
    }

    private func mediaType(_ name: String) -> String {
        name.hasSuffix(".xml") ? "application/xml" : name.hasSuffix(".ofd") ? "application/ofd" : "application/pdf"
    }
}

import Kernel

/// Brings the answer of 企业微信's `getapprovaldetail` into the form that mappings read.
///
/// Each control keeps its value under a name of its own; times are seconds since 1970, as numbers, texts, or nothing.
enum WeComForm {
    /// - Parameter answer: The approval, with or without the outer `info`.
    /// - Returns: `form` with the fields, `steps` with the trail, and `info` with everything else.
    static func payload(of answer: JSON) -> JSON {
        let info = answer["info"].flatMap { $0.members == nil ? nil : $0 } ?? answer
        let rest = (info.members ?? []).filter {
            !["apply_data", "sp_record", "comments", "process_list"].contains($0.name)
        }
        return [
            "info": .object(rest).setting("apply_time", milliseconds(info["apply_time"])),
            "ended_at": milliseconds(lastAct(of: info)),
            "form": .array((info["apply_data"]?["contents"]?.array ?? []).flatMap(fields)),
            "steps": .array(steps(info)),
        ]
    }

    /// When somebody last decided on it.
    static func lastAct(of info: JSON) -> JSON? {
        let times = details(of: info).compactMap { $0["sptime"].flatMap(seconds) }
        return times.max().map { .integer($0) } ?? info["apply_time"]
    }

    /// Whether every record agreed, so that the approval had passed.
    static func everyRecordAgreed(_ info: JSON) -> Bool {
        let records = info["sp_record"]?.array ?? []
        return !records.isEmpty && records.allSatisfy { $0["sp_status"].flatMap(seconds) == 2 }
    }

    private static func details(of info: JSON) -> [JSON] {
        (info["sp_record"]?.array ?? []).flatMap { $0["details"]?.array ?? [] }
    }

    private static func seconds(_ json: JSON) -> Int64? {
        switch json {
        case .number(let text), .string(let text): Int64(text)
        default: nil
        }
    }

    private static func milliseconds(_ json: JSON?) -> JSON {
        guard let time = json.flatMap(seconds), time > 0, time < 1 << 40 else { return .null }
        return .string(String(time * 1_000))
    }

    /// A control is one field, but a bank account is three.
    private static func fields(_ control: JSON) -> [JSON] {
        let type = control["control"]?.string ?? ""
        let value = control["value"] ?? .null
        let label = text(control["title"]) ?? ""
        let id = control["id"]?.string ?? ""
        guard type == "BankAccount" else { return [field(id, label, type, read(type, value))] }
        let account = value["bank_account"]
        let bank = [account?["bank"]?["bank_alias"]?.string, account?["bank"]?["bank_branch_name"]?.string]
            .compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
        return [
            field(id + ".name", "户名", type, account?["account_name"] ?? .null),
            field(id + ".bank", "开户行", type, .string(bank)),
            field(id + ".number", "账号", type, account?["account_number"] ?? .null),
        ]
    }

    private static func field(_ id: String, _ label: String, _ type: String, _ value: JSON) -> JSON {
        ["id": .string(id), "name": .string(label), "type": .string(type), "value": value]
    }

    private static func read(_ type: String, _ value: JSON) -> JSON {
        switch type {
        case "Text", "Textarea": value["text"] ?? .null
        case "Number": value["new_number"] ?? .null
        case "Money": value["new_money"] ?? .null
        case "Formula": value["formula"]?["value"] ?? .null
        case "Date": milliseconds(value["date"]?["s_timestamp"])
        case "DateRange":
            [milliseconds(value["date_range"]?["new_begin"]), milliseconds(value["date_range"]?["new_end"])]
        case "Selector": .string(chosen(value["selector"]))
        case "Contact":
            .array(
                (value["members"]?.array ?? []).map { party($0["userid"], $0["name"]) }
                    + (value["departments"]?.array ?? []).map { party($0["openapi_id"], $0["name"]) }
            )
        case "File": .array((value["files"]?.array ?? []).enumerated().map { file($1, number: $0 + 1) })
        case "Table":
            .array((value["children"]?.array ?? []).map { .array(($0["list"]?.array ?? []).flatMap(fields)) })
        case "RelatedApproval":
            .array((value["related_approval"]?.array ?? []).compactMap { $0["sp_no"] })
        case "Location": value["location"]?["address"] ?? .null
        default: value.members?.isEmpty ?? true ? .null : .string(value.text)
        }
    }

    private static func chosen(_ selector: JSON?) -> String {
        (selector?["options"]?.array ?? []).compactMap { text($0["value"]) }.joined(separator: "、")
    }

    /// The first text of a list in several languages.
    private static func text(_ texts: JSON?) -> String? {
        let texts = texts?.array ?? []
        return (texts.first { $0["lang"]?.string == "zh_CN" } ?? texts.first)?["text"]?.string
    }

    private static func party(_ id: JSON?, _ name: JSON?) -> JSON {
        ["id": id ?? .null, "name": name ?? id ?? .null]
    }

    /// The vendor tells names only with the bytes; a number stands for one until then.
    private static func file(_ file: JSON, number: Int) -> JSON {
        let name = file["file_name"]?.string ?? file["name"]?.string ?? "附件 \(number)"
        return [
            "file_id": file["file_id"] ?? .string(file.string ?? ""), "name": .string(name),
            "size": file["file_size"] ?? .null,
        ]
    }

    private static func steps(_ info: JSON) -> [JSON] {
        var steps = [step("submit", info["applyer"]?["userid"], "提交", nil, info["apply_time"], nil)]
        for (index, record) in (info["sp_record"]?.array ?? []).enumerated() {
            for detail in record["details"]?.array ?? [] {
                let status = detail["sp_status"].flatMap(seconds) ?? 1
                guard status != 1 else { continue }
                steps.append(
                    step(
                        String(status), detail["approver"]?["userid"], "审批 \(index + 1)", detail["speech"],
                        detail["sptime"], detail["media_id"]
                    )
                )
            }
        }
        for comment in info["comments"]?.array ?? [] {
            let person = comment["commentUserInfo"]?["userid"] ?? comment["comment_user_info"]?["userid"]
            steps.append(
                step(
                    "comment", person, "备注", comment["commentcontent"], comment["commenttime"], comment["media_id"]
                )
            )
        }
        return steps
    }

    private static func step(
        _ type: String, _ person: JSON?, _ node: String, _ comment: JSON?, _ time: JSON?, _ media: JSON?
    ) -> JSON {
        let files = (media?.array ?? []).enumerated().map { file($1, number: $0 + 1) }
        return [
            "type": .string(type), "person": person ?? .null, "node": .string(node), "comment": comment ?? .null,
            "time": milliseconds(time), "files": .array(files),
        ]
    }
}

import Kernel

/// What the state of an instance means for the books. The state that was fetched decides, never the event.
enum DingTalkOutcome: Equatable {
    case approved
    /// The approval that passed was taken back.
    case withdrawn
    /// This instance changes the one named, or takes it back.
    case amends(String)
    case revokes(String)
    /// The vendor announced an end that its own answer does not show yet.
    case notYet
    case nothing(Phrase)
    /// A kind of follow-up instance that no option explains.
    case unknownAction(String)

    init(instance: JSON, eventType: String, actions: [String: String]) {
        let status = instance["status"]?.string?.uppercased() ?? ""
        let result = instance["result"]?.string?.lowercased() ?? ""
        let action = instance["bizAction"]?.string?.uppercased() ?? ""
        let main = instance["mainProcessInstanceId"]?.string ?? ""
        switch status {
        case "COMPLETED" where result == "agree":
            self = Self.passed(action: action, main: main, actions: actions)
        case "COMPLETED":
            self = .nothing(Phrase(zh: "审批未通过。", en: "The approval was refused."))
        case "TERMINATED", "CANCELED":
            if !main.isEmpty, !action.isEmpty, action != "NONE" {
                self = .nothing(Phrase(zh: "变更申请被撤回。", en: "The request to change it was taken back."))
            } else if result == "agree" || Self.everyTaskAgreed(instance) {
                self = .withdrawn
            } else {
                self = .nothing(Phrase(zh: "审批通过之前已撤回。", en: "It was taken back before it passed."))
            }
        case _ where eventType == "finish" || eventType == "terminate":
            self = .notYet
        default:
            self = .nothing(Phrase(zh: "审批尚未结束。", en: "The approval has not ended."))
        }
    }

    private static func passed(action: String, main: String, actions: [String: String]) -> DingTalkOutcome {
        guard !main.isEmpty, !action.isEmpty, action != "NONE" else { return .approved }
        return switch actions[action] {
        case "withdrawn": .revokes(main)
        case "amended": .amends(main)
        default: .unknownAction(action)
        }
    }

    /// Whether the approval had passed: an unfinished or refused task says that it had not.
    private static func everyTaskAgreed(_ instance: JSON) -> Bool {
        let tasks = instance["tasks"]?.array ?? []
        return !tasks.isEmpty
            && tasks.allSatisfy {
                $0["status"]?.string?.uppercased() == "COMPLETED" && $0["result"]?.string?.uppercased() == "AGREE"
            }
    }

    /// The last thing that happened to an instance: its end, or a later act that is no comment.
    static func lastChange(of instance: JSON) -> Timestamp? {
        let records = instance["operationRecords"]?.array ?? []
        let acts = records.filter { $0["type"]?.string != "ADD_REMARK" }.compactMap { time($0["date"]) }
        return (acts + [time(instance["finishTime"])].compactMap(\.self)).max()
    }

    /// An instant as the vendor writes it: mostly without seconds.
    static func time(_ json: JSON?) -> Timestamp? {
        guard let text = json?.string else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count >= 17, bytes[16] != UInt8(ascii: ":") else { return Timestamp(text) }
        return Timestamp(String(decoding: bytes[..<16] + Array(":00".utf8) + bytes[16...], as: UTF8.self))
    }
}

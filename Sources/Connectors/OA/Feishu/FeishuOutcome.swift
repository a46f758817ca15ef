import Kernel

/// What the state of an instance means for the books. The state that was fetched decides, never the event.
enum FeishuOutcome: Equatable {
    case approved
    /// The approval that passed was taken back.
    case withdrawn
    /// This instance changes the one named, or takes it back.
    case amends(String)
    case revokes(String)
    /// The vendor announced an end that its own answer does not show yet.
    case notYet
    case nothing(Phrase)

    /// - Parameter announced: The state that the event names, if an event came.
    init(instance: JSON, announced: String) {
        let status = instance["status"]?.string?.uppercased() ?? ""
        let changed = instance["modified_instance_code"]?.string ?? ""
        let revoked = instance["reverted_instance_code"]?.string ?? ""
        switch status {
        case _ where status == "REVERTED" || instance["reverted"]?.bool == true: self = .withdrawn
        case "APPROVED" where !revoked.isEmpty: self = .revokes(revoked)
        case "APPROVED" where !changed.isEmpty: self = .amends(changed)
        case "APPROVED": self = .approved
        case "REJECTED", "CANCELED", "OVERTIME_CLOSE":
            self = .nothing(Phrase(zh: "审批未通过。", en: "The approval did not pass."))
        case "DELETED" where Self.everyTaskAgreed(instance): self = .withdrawn
        case "DELETED": self = .nothing(Phrase(zh: "审批通过之前已删除。", en: "It was deleted before it passed."))
        case _ where ["APPROVED", "REVERTED"].contains(announced): self = .notYet
        default: self = .nothing(Phrase(zh: "审批尚未结束。", en: "The approval has not ended."))
        }
    }

    private static func everyTaskAgreed(_ instance: JSON) -> Bool {
        let tasks = instance["task_list"]?.array ?? []
        return !tasks.isEmpty && tasks.allSatisfy { ["APPROVED", "DONE"].contains($0["status"]?.string ?? "") }
    }

    /// The last thing that happened to an instance: its end, or a later step that is no mere reading of it.
    static func lastChange(of instance: JSON) -> Timestamp? {
        let steps = (instance["timeline"]?.array ?? []).filter { step in
            !["CC", "COMMENT", "REMIND", "READ"].contains(step["type"]?.string ?? "")
        }
        return (steps.map { $0["create_time"] } + [instance["end_time"]]).compactMap(time).max()
    }

    /// Milliseconds since 1970, mostly as a text; `0` is none.
    static func time(_ json: JSON?) -> Timestamp? {
        let text: String? = if case .number(let text)? = json { text } else { json?.string }
        guard let text, let milliseconds = Int64(text), milliseconds > 0, milliseconds < 1 << 50 else { return nil }
        return Timestamp(microseconds: milliseconds * 1_000)
    }
}

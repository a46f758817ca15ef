package import Jobs
import Kernel

/// Step 8: the OA learns what became of its form (回写).
package enum WriteBack {
    /// What is worth telling.
    package enum Event: String, Sendable {
        case held
        case drafted
        case posted
        case reversed
        case nothingToBook = "nothing_to_book"
    }

    /// Puts an answer for the OA into the queue, once for each case, run and event.
    package static func ask(_ event: Event, of theCase: Case, numbers: [String], in unit: any Unit) throws {
        let key = "\(theCase.id.text):\(theCase.run):\(event.rawValue)"
        let text = sentence(event, theCase, numbers)
        try unit.cases.record(
            ReceiptRecord(key: key, event: event.rawValue, text: text, state: .pending, at: unit.now), of: theCase.id
        )
        try unit.jobs.add(
            NewJob(
                kind: JobKind.writeBack.rawValue, subject: "case:" + theCase.id.text,
                payload: [
                    "key": .string(key), "event": .string(event.rawValue), "text": .string(text),
                    "numbers": .array(numbers.map(JSON.string)),
                ],
                dueAt: unit.now
            )
        )
    }

    /// Records that an answer will not be sent by itself any more, or that nobody knows whether it was.
    package static func giveUp(_ job: Job, in unit: any Unit) throws {
        guard job.kind == JobKind.writeBack.rawValue, let key = job.payload["key"]?.string,
            let event = job.payload["event"]?.string, let text = job.payload["text"]?.string
        else { return }
        let id = Case.ID(String(job.subject.dropFirst("case:".count)))
        try unit.cases.record(ReceiptRecord(key: key, event: event, text: text, state: .dead, at: unit.now), of: id)
    }

    /// The sentence employees read under their form.
    private static func sentence(_ event: Event, _ theCase: Case, _ numbers: [String]) -> String {
        let list = numbers.joined(separator: "、")
        return switch event {
        case .held: "【凭桥】单据待处理：\(theCase.problem?.title.zh ?? "")\(theCase.problem?.cause.zh ?? "")"
        case .drafted: "【凭桥】已生成凭证草稿 \(list)，等待审核。"
        case .posted: "【凭桥】已记账：\(list)。"
        case .reversed: "【凭桥】原凭证已红字冲销：\(list)。"
        case .nothingToBook: "【凭桥】无需记账。\(theCase.note?.zh ?? "")"
        }
    }
}

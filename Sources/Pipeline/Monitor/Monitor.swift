package import Kernel

/// What is late, stuck or failed in a book, for the overview and for `/metrics` (流程监控).
package struct BookHealth: Sendable {
    package let counts: [CaseCount]
    package let waitingJobs: Int
    package let deadLetters: Int
    /// The longest a job that is due has been waiting.
    package let oldestDueSeconds: Int64
    package let alerts: [Alert]

    /// Something a person should look at now.
    package struct Alert: Hashable, Sendable {
        package let code: String
        package let text: Phrase
        /// Address of the page that shows the cause.
        package let address: String
    }

    /// Cases waiting longer than this are late.
    package static let lateSeconds: Int64 = 24 * 3600

    /// Looks at a book.
    package init(of records: any Records, at now: Timestamp) throws {
        counts = try records.cases.counts()
        let depth = try records.jobs.depth()
        waitingJobs = depth.waiting
        deadLetters = depth.dead
        oldestDueSeconds = depth.oldestDue.map { max(0, (now.microseconds - $0.microseconds) / 1_000_000) } ?? 0
        var alerts: [Alert] = []
        if depth.dead > 0 {
            alerts.append(
                Alert(
                    code: "dead_letters",
                    text: Phrase(zh: "\(depth.dead) 个作业成为死信，需要处理。", en: "\(depth.dead) jobs became dead letters."),
                    address: "/dead-letters"
                )
            )
        }
        if oldestDueSeconds > 60 {
            alerts.append(
                Alert(
                    code: "queue_stalled",
                    text: Phrase(
                        zh: "队列已停滞 \(oldestDueSeconds) 秒。", en: "The queue has been waiting for \(oldestDueSeconds) s."),
                    address: "/cases?state=running"
                )
            )
        }
        let late = counts.filter {
            !$0.state.isEnded && now > $0.oldest.adding(seconds: Self.lateSeconds)
        }
        if let first = late.first {
            alerts.append(
                Alert(
                    code: "late_cases", text: Phrase(zh: "有单据超过一天没有进展。", en: "Some cases have not moved for a day."),
                    address: "/cases?state=\(first.state.rawValue)"
                )
            )
        }
        for count in counts where count.state == .conflict && count.count > 0 {
            alerts.append(
                Alert(
                    code: "conflicts",
                    text: Phrase(
                        zh: "\(count.count) 张单同一版本内容不同。", en: "\(count.count) cases came twice with different content."),
                    address: "/cases?state=conflict"
                )
            )
        }
        self.alerts = alerts
    }

    package func count(_ state: Case.State) -> Int { counts.filter { $0.state == state }.reduce(0) { $0 + $1.count } }
    package func count(at step: Step) -> Int {
        counts.filter { $0.step == step && !$0.state.isEnded }.reduce(0) { $0 + $1.count }
    }
}

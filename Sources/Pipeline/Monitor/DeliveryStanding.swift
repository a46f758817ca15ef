package import Jobs
package import Kernel

/// A delivery with the job that works on it, as lists show it: what waits says for what, and until when.
package struct DeliveryStanding: Sendable {
    package let delivery: Delivery
    /// The job of a delivery that is not settled.
    package let job: Job?
    /// Whether the job was given up, so that only a person moves the delivery on.
    package let isDead: Bool

    /// Why it is not settled, or what is wrong with it.
    package var problem: Problem? { delivery.problem ?? (delivery.state == .pending ? job?.lastProblem : nil) }
    /// How often it was tried and did not end.
    package var attempts: Int { delivery.attempts + (job.map { isDead ? $0.attempt : $0.attempt - 1 } ?? 0) }
    /// When it is tried again, where it waits.
    package var nextAttemptAt: Timestamp? { isDead ? nil : job.flatMap { $0.attempt > 1 ? $0.dueAt : nil } }
    package var isReplayable: Bool { delivery.state == .held || isDead }

    private static let deadLimit = 1_000

    /// One page of an inbox, newest first.
    package static func page(in records: any Records, limit: Int, cursor: String?) throws -> Page<DeliveryStanding> {
        let page = try records.inbox.page(limit: limit, cursor: cursor)
        let pending = page.items.contains { $0.state == .pending }
        let dead = pending ? try records.jobs.deadLetters(limit: deadLimit) : []
        let items = try page.items.map { delivery -> DeliveryStanding in
            guard delivery.state == .pending else {
                return DeliveryStanding(delivery: delivery, job: nil, isDead: false)
            }
            let subject = "delivery:" + delivery.key
            if let job = try records.jobs.pending(subject: subject).first {
                return DeliveryStanding(delivery: delivery, job: job, isDead: false)
            }
            let job = dead.first { $0.subject == subject }
            return DeliveryStanding(delivery: delivery, job: job, isDead: job != nil)
        }
        return Page(items: items, next: page.next)
    }
}

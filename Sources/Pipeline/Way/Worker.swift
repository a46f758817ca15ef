package import Jobs
package import Kernel
package import Logging

/// Takes due jobs of the books it holds the lease of, and does them (工作进程).
///
/// A lane per book: jobs of one book are prepared side by side and committed in units; many books run side by side.
package actor Worker {
    /// Does one job; it ends, postpones or buries the job itself, in the unit of its work.
    package typealias Handler = @Sendable (Job, Lease) async throws -> Void

    private let store: any BookStore
    private let handlers: [JobKind: Handler]
    private let owner: String
    private let chance: @Sendable () -> Int64
    private let logger: Logger
    private let policy: RetryPolicy
    private let bell: Bell
    private let steady: SteadyClock
    /// The jobs that are being done, each with its kind.
    private var underWay: [Book.ID: [Int64: String]] = [:]
    private var justEnded: [Book.ID: Set<Int64>] = [:]
    /// Books that another node worked on when this one looked last.
    private var elsewhere: Set<Book.ID> = []

    private static let leaseSeconds: Int64 = 30
    private static let batch = 64
    private static let books = 50
    private static let pollMilliseconds = 250

    /// - Parameter chance: A number from 0 to 999, for the spread of retries.
    package init(
        store: any BookStore, bell: Bell, handlers: [JobKind: Handler], owner: String, policy: RetryPolicy = .standard,
        clock: @escaping @Sendable () -> Timestamp, chance: @escaping @Sendable () -> Int64, logger: Logger
    ) {
        self.store = store
        self.handlers = handlers
        self.owner = owner
        self.policy = policy
        // Leases and waits are spans of time; they go on when the clock is set back.
        steady = SteadyClock(clock)
        self.chance = chance
        self.logger = logger
        self.bell = bell
    }

    /// Works until the task is cancelled; what was begun is finished or picked up again by its lease's end.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            for await _ in bell.signals {
                if Task.isCancelled { break }
                do {
                    for claim in try await claims() {
                        group.addTask { await self.work(on: claim) }
                    }
                } catch {
                    logger.error("due work could not be read", metadata: ["error": "\(error)"])
                }
            }
            group.cancelAll()
        }
    }

    /// Other nodes and due times make work that nobody rings for.
    private func tick() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
            } catch {
                return
            }
            bell.ring()
        }
    }

    /// Does everything that is due now, once, and waits for it.
    ///
    /// - Returns: How many jobs were done.
    @discardableResult
    package func round() async throws -> Int {
        let claims = try await claims()
        await withTaskGroup(of: Void.self) { group in
            for claim in claims { group.addTask { await self.work(on: claim) } }
        }
        return claims.count
    }

    /// A job that this worker may do now.
    private struct Claim: Sendable {
        let job: Job
        let lease: Lease
    }

    /// Takes the leases of books with due jobs, and from each the jobs that nobody here is doing already.
    ///
    /// A slow partner keeps its own jobs waiting and nobody else's.
    private func claims() async throws -> [Claim] {
        var claims: [Claim] = []
        // Books that are full or worked on elsewhere stay on the list, and must not fill it.
        let limit = Self.books + underWay.count + elsewhere.count
        for book in try await store.dueBooks(at: steady.now, limit: limit) {
            do {
                claims += try await self.claims(in: book)
            } catch {
                // One book's trouble is not the others'; its jobs stay due.
                logger.error("due work could not be read", metadata: ["book": "\(book)", "error": "\(error)"])
            }
        }
        return claims
    }

    private func claims(in book: Book.ID) async throws -> [Claim] {
        let now = steady.now
        // Renewed also when no more jobs fit: those under way need it.
        guard
            let lease = try await store.lease(
                book, owner: owner, now: now, until: now.adding(seconds: Self.leaseSeconds)
            )
        else {
            elsewhere.insert(book)
            return []
        }
        elsewhere.remove(book)
        var places = Places(taken: underWay[book, default: [:]].values)
        guard places.areLeft else { return [] }
        justEnded[book] = []
        let due = try await due(in: book, at: now, places)
        let ended = justEnded.removeValue(forKey: book) ?? []
        // What ended while the list was read is still on it.
        return due.filter { job in
            guard !ended.contains(job.id), underWay[book]?[job.id] == nil, places.take(job.kind) else { return false }
            underWay[book, default: [:]][job.id] = job.kind
            return true
        }
        .map { Claim(job: $0, lease: lease) }
    }

    /// The due jobs for which there may be a place. A kind without one is left out, so that it hides no other.
    private func due(in book: Book.ID, at now: Timestamp, _ places: Places) async throws -> [Job] {
        let busy = underWay[book, default: [:]].count
        return try await store.read(book) { records in
            var left = places
            var first: [Job] = []
            if places.full.isEmpty {
                first = try records.jobs.due(at: now, limit: Self.batch + busy)
                guard first.count == Self.batch + busy else { return first }
                for job in first { _ = left.take(job.kind) }
                guard !left.full.isEmpty else { return first }
            }
            let others = try JobKind.allCases.filter { !left.full.contains($0.rawValue) }.flatMap {
                try records.jobs.due($0.rawValue, at: now, limit: Self.batch + busy)
            }
            let known = Set(first.map(\.id))
            return first + others.filter { !known.contains($0.id) }
        }
    }

    private nonisolated func work(on claim: Claim) async {
        await perform(claim.job, claim.lease)
        await ended(claim)
    }

    private func ended(_ claim: Claim) {
        let book = Book.ID(claim.job.book)
        underWay[book]?[claim.job.id] = nil
        justEnded[book]?.insert(claim.job.id)
        if underWay[book]?.isEmpty == true { underWay[book] = nil }
        bell.ring()
    }

    private nonisolated func perform(_ job: Job, _ lease: Lease) async {
        guard let kind = JobKind(rawValue: job.kind), let handler = handlers[kind] else {
            await settle(job, with: JobFault.unknownKind(job.kind))
            return
        }
        do {
            try await handler(job, lease)
        } catch is CancellationError {
            // The job stays as it is; whoever leases the book next does it.
        } catch let error as PreparedOnOldState {
            await settle(job, with: JobFault.contended(error.what))
        } catch {
            await settle(job, with: error)
        }
    }

    /// Waits longer after each failure, and gives the job to a person in the end.
    private nonisolated func settle(_ job: Job, with error: any Error) async {
        let problem = (error as? any Explainable)?.problem ?? JobFault.unexpected("\(error)").problem
        let delay = delay(after: error, job)
        let now = steady.now
        logger.warning(
            "job failed",
            metadata: [
                "job": "\(job.id)", "kind": "\(job.kind)", "attempt": "\(job.attempt)", "code": "\(problem.code)",
            ]
        )
        do {
            try await store.commit(
                Book.ID(job.book), key: unitKey("settle_job", String(job.id)), actor: "system", at: now
            ) { unit in
                if let delay {
                    try unit.jobs.postpone(job.id, until: now.adding(milliseconds: delay), problem: problem)
                } else {
                    try unit.jobs.bury(job.id, problem: problem)
                    try WriteBack.giveUp(job, in: unit)
                }
            }
        } catch is PreparedOnOldState {
            // Somebody else ended the job meanwhile.
        } catch {
            logger.error("a failed job could not be postponed", metadata: ["job": "\(job.id)", "error": "\(error)"])
            // While nothing can be written, what was sent outside must not be sent again and again.
            try? await Task.sleep(for: .seconds(5))
        }
    }
}

extension Worker {
    /// What passes by itself is waited for, however long; the rest has a number of attempts. `nil` gives the job up.
    private nonisolated func delay(after error: any Error, _ job: Job) -> Int64? {
        guard let outside = error as? ConnectorError else {
            let isStore = (error as? any Explainable)?.problem.code.hasPrefix("store.") == true
            return isStore
                ? policy.unendingDelayMilliseconds(afterAttempt: job.attempt, chance: chance())
                : policy.delayMilliseconds(afterAttempt: job.attempt, chance: chance())
        }
        guard outside.isTransient else { return nil }
        if case .throttled(_, let seconds) = outside { return Int64(max(1, seconds)) * 1000 }
        return policy.unendingDelayMilliseconds(afterAttempt: job.attempt, chance: chance())
    }
}

/// Why a job cannot be done as it is.
package enum JobFault: Error, Hashable {
    case unknownKind(String)
    case contended(String)
    case unexpected(String)
}

extension JobFault: Explainable {
    package var problem: Problem {
        switch self {
        case .unknownKind(let kind):
            Problem(
                code: "job.unknown_kind",
                title: Phrase(zh: "不认识的作业。", en: "This kind of job is not known."),
                location: Phrase(zh: "作业类型 \(kind)", en: "job kind \(kind)"),
                cause: Phrase(zh: "可能由更新版本的程序写入。", en: "A newer version of the program may have written it."),
                remedy: Phrase(zh: "请升级程序后重试。", en: "Upgrade the program, then retry it.")
            )
        case .contended(let what):
            Problem(
                code: "job.contended",
                title: Phrase(zh: "处理期间数据一直在变。", en: "What the job stands on kept changing."),
                location: Phrase(zh: what, en: what),
                cause: Phrase(zh: "多次准备后仍与提交时不一致。", en: "Every attempt found something changed at commit."),
                remedy: Phrase(zh: "程序会自动重试。", en: "It is tried again by itself.")
            )
        case .unexpected(let text):
            Problem(
                code: "job.unexpected",
                title: Phrase(zh: "处理时发生了意外错误。", en: "Something unexpected happened."),
                location: Phrase(zh: "后台作业", en: "background job"), cause: Phrase(zh: text, en: text),
                remedy: Phrase(
                    zh: "程序会自动重试；若持续失败，请把此信息交给维护人员。",
                    en: "It is tried again by itself; give this text to whoever maintains the program if it goes on."
                )
            )
        }
    }
}

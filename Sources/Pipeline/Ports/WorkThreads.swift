/// Threads for work that takes long and waits for nobody, such as reading an e-voucher, apart from those that answer
/// requests.
package protocol WorkThreads: Sendable {
    func run<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer
}

/// Does the work where it is asked for: for command lines and tests, which nobody waits beside.
package struct CallersThread: WorkThreads {
    package init() {}

    package func run<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        try work()
    }
}

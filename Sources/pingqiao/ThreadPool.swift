import NIOPosix
import Pipeline

/// Threads of their own for work that would keep those busy that answer requests.
struct ThreadPool: WorkThreads {
    private let pool: NIOThreadPool

    static func start(threads: Int) -> ThreadPool {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        return ThreadPool(pool: pool)
    }

    func run<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        try await pool.runIfActive(work)
    }

    /// Ends what has not begun, and waits for what has.
    func stop() async throws {
        try await pool.shutdownGracefully()
    }
}

import NIOPosix

extension NIOThreadPool {
    /// Runs a blocking call on a thread of its own, to its end even where the caller is cancelled.
    static func once<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let result = await threads.run { Result { try body() } }
        try await threads.shutdownGracefully()
        return try result.get()
    }

    /// Runs a call after those that were submitted before, to its end even where the caller is cancelled.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            submit { _ in continuation.resume(returning: body()) }
        }
    }
}

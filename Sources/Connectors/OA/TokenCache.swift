package import Kernel
package import Pipeline

/// The access token of one application: asked for once at a time, kept until shortly before it ends.
package actor TokenCache {
    /// A token and how long it lasts.
    package struct Token: Hashable, Sendable {
        package let text: String
        package let lifetimeSeconds: Int64

        package init(text: String, lifetimeSeconds: Int64) {
            self.text = text
            self.lifetimeSeconds = lifetimeSeconds
        }
    }

    package typealias Request = @Sendable () async throws(ConnectorError) -> Token

    /// Asked again this long before the end, so that a token does not end on its way.
    private static let marginSeconds: Int64 = 300

    nonisolated let now: @Sendable () -> Timestamp
    private var current: (text: String, until: Timestamp)?
    private var isAsking = false
    private var waiting: [CheckedContinuation<Result<String, ConnectorError>, Never>] = []

    package init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    /// The token in force.
    ///
    /// - Parameter failed: A token the vendor refused. It is given up only if it is still the one kept here: whoever
    ///   comes second with the same failure gets the token that was asked for since.
    package func token(insteadOf failed: String? = nil, asking request: Request) async throws(ConnectorError) -> String
    {
        if let failed, current?.text == failed { current = nil }
        if let current, now() < current.until { return current.text }
        if isAsking {
            return try await withCheckedContinuation { waiting.append($0) }.get()
        }
        isAsking = true
        let result = await ask(request)
        isAsking = false
        let others = waiting
        waiting = []
        for other in others { other.resume(returning: result) }
        return try result.get()
    }

    private func ask(_ request: Request) async -> Result<String, ConnectorError> {
        let asked = now()
        do throws(ConnectorError) {
            let token = try await request()
            let margin = min(Self.marginSeconds, token.lifetimeSeconds / 2)
            current = (token.text, asked.adding(seconds: token.lifetimeSeconds - margin))
            return .success(token.text)
        } catch {
            return .failure(error)
        }
    }
}

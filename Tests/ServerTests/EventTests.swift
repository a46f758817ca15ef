import Access
import HTTPTypes
import Hummingbird
import Kernel
import Pipeline
import Server
import Testing

@Suite("Events")
struct EventTests {
    @Test("carry the counts under the position of the log, and say reset to whoever comes back")
    func counts() async throws {
        var state = try FakeBooks().full()
        let token = FakeServer.session(of: .maker, in: &state)
        let server = try FakeServer(state, pages: try FakeServer.pages(), pause: { _ in throw CancellationError() })
        try await Visit.serve(server) { client in
            var visit = Visit(.get, "/events", token: token)
            let first = try await visit.send(client)
            #expect(first.headers[.contentType]?.hasPrefix("text/event-stream") == true)
            #expect(first.headers[.cacheControl] == "no-store")
            #expect(first.headers[HTTPField.Name("x-accel-buffering") ?? .userAgent] == "no")
            #expect(first.text.hasPrefix("retry: 3000\n\nid: 4\nevent: counts\ndata: {\"states\":{"))
            #expect(first.text.contains("\"held\":1") && first.text.contains("\"log\":4"))
            visit.headers[HTTPField.Name("last-event-id") ?? .userAgent] = "1"
            let again = try await visit.send(client)
            #expect(again.text.hasPrefix("retry: 3000\n\nevent: reset\ndata: {}\n\nid: 4\n"))
        }
    }
}

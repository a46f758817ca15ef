import Access
import HTTPTypes
import Kernel
import Pipeline
import Server
import Testing

@Suite("Settings of a book")
struct SettingsTests {
    private static func form(_ change: String) -> String {
        "profile=strict&publisher_ceiling=0.00&cashier=1" + change
    }

    @Test("are changed by the whole form of their page, and by nobody but the finance lead")
    func form() async throws {
        var state = try FakeBooks().full()
        let lead = FakeServer.session(of: .lead, in: &state)
        let maker = FakeServer.session(of: .maker, in: &state)
        let server = try FakeServer(state, pages: try FakeServer.pages())
        let before = try #require(state.books.first { $0.kind == .company }).settings
        try await Visit.serve(server) { client in
            var visit = Visit(.post, "/book/settings", token: maker)
            visit.headers[Visit.fetchSite] = "same-origin"
            visit.form = Self.form("&posts=1")
            try await visit.expect(.forbidden, client)

            visit = Visit(.post, "/book/settings", token: lead)
            visit.headers[Visit.fetchSite] = "same-origin"
            visit.form = Self.form("").replacing("0.00", with: "many")
            let refused = try await visit.send(client)
            #expect(refused.status == .unprocessableContent && refused.text.contains("many"))
            visit.form = Self.form("&posts=1&ceiling=5000.00")
            try await visit.expect(.seeOther, client)
            var page = Visit(.get, "/book", token: lead)
            page.headers[.accept] = "text/html"
            let shown = try await page.send(client)
            #expect(shown.status == .ok && shown.text.contains("5000.00") && shown.text.contains("p-lead"))
            // The ceiling that stands there already is nobody's new authorisation.
            visit.form = Self.form("&ceiling=5000.00")
            try await visit.expect(.seeOther, client)
        }
        let after = try #require(server.store.current.books.first { $0.kind == .company }).settings
        #expect(before.automaticReviewAuthorisedBy != "p-lead")
        #expect(after.automaticReviewAuthorisedBy == "p-lead" && after.automaticReviewCeiling == 500_000)
        #expect(!after.postsAutomatically && after.needsCashierSignature && after.duties == .standard)
    }
}

import Access
import Foundation
import Hummingbird
import Kernel
import Pipeline
import Server
import Testing

@Suite("Pages")
struct PageTests {
    let pages: PageFiles

    init() throws {
        pages = try FakeServer.pages()
    }

    private static let paths = [
        "/", "/cases", "/cases?state=held&step=rules&q=a", "/cases/C1", "/cases/C2?done=mapped", "/vouchers",
        "/vouchers?state=pending&period=2026-11", "/vouchers/V1", "/vouchers/V2", "/vouchers/V3", "/vouchers/V4",
        "/vouchers/V5", "/vouchers/V6", "/evidence", "/evidence/C1-1-1", "/balances", "/balances?level=1",
        "/accounts/1002", "/master", "/master?tab=mappings", "/master?tab=chart", "/book", "/dead-letters",
        "/connectors", "/log",
        "/log?verify=1", "/cases/none", "/vouchers/none", "/evidence/none", "/nowhere",
    ]
    private static let roles: [Role] = [.maker, .lead, .auditor]

    private func crawl(_ state: FakeState, _ look: @escaping @Sendable (String, Visit.Answer) -> Void) async throws {
        var state = state
        let tokens = Self.roles.map { FakeServer.session(of: $0, in: &state) }
        let admin = FakeServer.session(of: .admin, in: &state)
        try await Visit.serve(FakeServer(state, pages: pages)) { client in
            for language in Language.allCases {
                for (token, path) in tokens.flatMap({ token in Self.paths.map { (token, $0) } })
                    + [(admin, "/people"), (admin, "/")]
                {
                    var visit = Visit(.get, path, token: token)
                    visit.headers[.cookie] = "pq_session=\(token.text); pq_lang=\(language.rawValue)"
                    visit.headers[.accept] = "text/html"
                    look(path, try await visit.send(client))
                }
                var door = Visit(.get, "/sign-in?next=%22%3E%3Cscript%3E")
                door.headers[.cookie] = "pq_lang=\(language.rawValue)"
                look("/sign-in", try await door.send(client))
            }
        }
    }

    @Test("show full books and empty ones")
    func render() async throws {
        for (name, state) in [("full", try FakeBooks().full()), ("empty", try FakeBooks().empty())] {
            try await crawl(state) { path, answer in
                let isThere = name == "full" && !path.contains("none") && path != "/nowhere"
                if isThere, path != "/log", path != "/log?verify=1", path != "/connectors" {
                    #expect(answer.status == .ok, "\(path) of \(name) books: \(answer.status)")
                }
                #expect(answer.status.code < 500, "\(path) of \(name) books")
                #expect(answer.text.contains("</html>"), "\(path)")
                #expect(!answer.text.contains("{{"), "\(path) shows a template")
            }
        }
    }

    @Test("carry no script and no style of their own")
    func inline() async throws {
        try await crawl(try FakeBooks().full()) { path, answer in
            let html = answer.text
            #expect(!html.contains("<style") && !html.contains(" style="), "\(path)")
            #expect(html.firstMatch(of: /\son[a-z]+=/) == nil, "\(path)")
            #expect(html.matches(of: /<script[^>]*>/).allSatisfy { $0.output.contains("src=\"/assets/") }, "\(path)")
            #expect(answer.headers[Visit.policy]?.contains("default-src 'self'") == true, "\(path)")
            #expect(answer.headers[Visit.policy]?.contains("unsafe") == false, "\(path)")
        }
    }

    @Test("keep what comes from outside inert, in every text field")
    func injection() async throws {
        let payload = [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'\" autofocus onfocus='alert(1)",
            "\"\u{301} onmouseover=alert(1) x=\"\u{301}", "</textarea></title><svg onload=alert(1)>",
        ].joined()
        try await crawl(try FakeBooks(text: { $0 + payload }).full()) { path, answer in
            let html = answer.text
            #expect(
                !html.contains("<script>alert") && !html.contains("<img") && !html.contains("<svg onload"), "\(path)")
            // A quotation mark of the payload would end an attribute; none is left as it was.
            #expect(!html.unicodeScalars.contains("\"\u{301}".unicodeScalars), "\(path)")
            #expect(!html.contains("autofocus onfocus='"), "\(path)")
        }
    }

    @Test("have the same texts in both languages, and every text a template asks for")
    func texts() throws {
        func keys(_ json: JSON, _ prefix: String) -> Set<String> {
            guard let members = json.members else { return [prefix] }
            return Set(members.flatMap { keys($0.value, prefix.isEmpty ? $0.name : prefix + "." + $0.name) })
        }
        let catalogues = try Language.allCases.map { language in
            let url = FakeServer.root.appending(path: "Web/texts/\(language.rawValue).json")
            return keys(try JSON(parsing: [UInt8](try Data(contentsOf: url))), "")
        }
        #expect(Set(catalogues).count == 1)
        for name in pages.templateNames {
            let url = FakeServer.root.appending(path: "Web/templates/\(name).mustache")
            let text = try String(contentsOf: url, encoding: .utf8)
            for match in text.matches(of: /\{\{[#^\/]?t\.([A-Za-z_.]+)\}\}/) {
                #expect(catalogues[0].contains(String(match.output.1)), "\(name): there is no text \(match.output.1)")
            }
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(name) prints something unescaped")
        }
    }

    @Test("give every form that changes something the session's token")
    func tokens() throws {
        for name in pages.templateNames {
            let url = FakeServer.root.appending(path: "Web/templates/\(name).mustache")
            let text = try String(contentsOf: url, encoding: .utf8)
            for match in text.matches(of: /<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(\s*\{\{>token)?/) {
                let isOpen = ["/sign-in", "/language", "/setup"].contains(String(match.output.1))
                #expect(isOpen || match.output.2 != nil, "\(name): the form to \(match.output.1) has no token")
            }
        }
    }
}

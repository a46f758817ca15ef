import Access
import Hummingbird
import Kernel
import Pipeline
import Server
import Testing

@Suite("The first set-up")
struct SetupTests {
    let pages: PageFiles

    init() throws {
        pages = try FakeServer.pages()
    }

    private static func body(_ code: String, security: String = "wu") -> String {
        """
        {"code":"\(code)","login":"chen","name":"陈","password":"slow-green-kettle",\
        "security":{"login":"\(security)","name":"吴"}}
        """
    }

    @Test("makes two administrators with the code that was printed, once")
    func once() async throws {
        let server = try FakeServer(FakeState(), pages: pages)
        let code = try #require(try await server.rooms.setup.open())
        try await Visit.serve(server) { client in
            var call = Visit(.post, "/api/v1/setup")
            for (given, security, status) in [
                (String(repeating: "0", count: 32), "wu", HTTPResponse.Status.forbidden), ("", "wu", .forbidden),
                (code, "chen", .unprocessableContent), (code, "wu", .created), (code, "wu", .conflict),
            ] {
                call.json = Self.body(given, security: security)
                try await call.expect(status, client)
            }
            try await Visit(.get, "/setup?code=" + code).expect(.conflict, client)
        }
        let state = server.store.current
        #expect(state.people.map(\.person.login) == ["chen", "wu"])
        #expect(state.people.map { $0.oneTimeUntil != nil } == [false, true])
        #expect(state.grants.map(\.role) == [.admin, .security])
        #expect(try await server.rooms.setup.open() == nil, "nobody gets a code once there is somebody")
    }

    @Test("shows its page in both languages, and keeps what was typed when something is wrong")
    func page() async throws {
        let server = try FakeServer(FakeState(), pages: pages)
        let code = try #require(try await server.rooms.setup.open())
        try await Visit.serve(server) { client in
            for (language, word) in [(Language.zh, "系统管理员"), (.en, "System administrator")] {
                var visit = Visit(.get, "/setup?code=" + code)
                visit.headers[.cookie] = "pq_lang=" + language.rawValue
                let answer = try await visit.send(client)
                #expect(answer.status == .ok && answer.text.contains(word) && !answer.text.contains("{{"))
            }
            var form = Visit(.post, "/setup")
            let names = "code=\(code)&login=chen&name=C&security_login=wu&security_name=W"
            form.form = names + "&new=slow-green-kettle&again=other-green-kettle"
            let wrong = try await form.send(client)
            #expect(wrong.status == .unprocessableContent && wrong.text.contains("value=\"chen\""))
            form.form = names + "&new=slow-green-kettle&again=slow-green-kettle"
            let done = try await form.send(client)
            #expect(done.status == .ok && done.headers[.setCookie]?.hasPrefix("pq_session=") == true)
            #expect(done.text.contains("wu"))
        }
    }
}

import Access
import Cryptography
import Hummingbird
import HummingbirdTesting
import Kernel
import Pipeline
import Server
import Testing

@Suite("People")
struct PeopleTests {
    let pages: PageFiles

    init() throws {
        pages = try FakeServer.pages()
    }

    /// One call of the API as somebody.
    private static func call(
        _ method: HTTPRequest.Method, _ path: String, _ token: String, _ json: String = "",
        language: Language = .zh, client: any TestClientProtocol
    ) async throws -> (status: HTTPResponse.Status, json: JSON) {
        var visit = Visit(method, path)
        visit.json = json
        visit.headers[.authorization] = "Bearer " + token
        visit.headers[.acceptLanguage] = language.rawValue
        let answer = try await visit.send(client)
        return (answer.status, try JSON(parsing: answer.text))
    }

    @Test("come in with a one-time password, and do nothing before they replaced it")
    func arrival() async throws {
        var state = try FakeBooks().full()
        let admin = FakeServer.session(of: .admin, in: &state).text
        let server = try FakeServer(state, pages: pages)
        try await Visit.serve(server) { client in
            let added = try await Self.call(
                .post, "/api/v1/people", admin, #"{"login":"Li.Na","name":"李娜"}"#, client: client)
            let password = added.json["one_time_password"]?.string ?? ""
            #expect(added.status == .created && password.count == 23)
            let again = try await Self.call(
                .post, "/api/v1/people", admin, #"{"login":"li.na","name":"李"}"#, client: client)
            #expect(again.status == .conflict && again.json["code"]?.string == "people.login_taken")

            let signed = try await Self.call(
                .post, "/api/v1/sign-in", "", #"{"login":"li.na","password":"\#(password)"}"#, client: client)
            let first = signed.json["token"]?.string ?? ""
            #expect(signed.json["must_change_password"]?.bool == true)
            let refused = try await Self.call(.get, "/api/v1/cases", first, client: client)
            #expect(refused.json["code"]?.string == "access.password_change_needed")
            var page = Visit(.get, "/cases")
            page.headers[.cookie] = "pq_session=" + first
            page.headers[.accept] = "text/html"
            let sent = try await page.send(client)
            #expect(sent.headers[.location] == "/password?next=%2Fcases")

            for (current, new, code) in [
                ("wrong", "slow-green-kettle", "access.current_password_wrong"),
                (password, password, "access.throttled"),
            ] {
                let body = JSON.object([("current", .string(current)), ("new", .string(new))]).text
                let answer = try await Self.call(.post, "/api/v1/people/me/password", first, body, client: client)
                #expect(answer.json["code"]?.string == code)
            }
            #expect(server.store.current.people.contains { $0.oneTimeUntil != nil })
        }
    }

    @Test(
        "choose a password that is another one, and no bad one",
        arguments: [
            (FakeBooks.password, "access.password_unchanged"), ("short", "access.password_too_short"),
            ("maker-maker-1", "access.password_contains_login"), ("slow-green-kettle", nil),
        ] as [(String, String?)]
    )
    func choosing(new: String, code: String?) async throws {
        var state = try FakeBooks().full()
        let maker = FakeServer.session(of: .maker, in: &state).text
        try await Visit.serve(FakeServer(state, pages: pages)) { client in
            let body = JSON.object([("current", .string(FakeBooks.password)), ("new", .string(new))]).text
            let answer = try await Self.call(.post, "/api/v1/people/me/password", maker, body, client: client)
            #expect(answer.json["code"]?.string == code)
            let old = try await Self.call(.get, "/api/v1/people/me", maker, client: client)
            #expect(old.status == (code == nil ? .unauthorized : .ok), "a change ends every session")
            guard code == nil else { return }
            let token = answer.json["token"]?.string ?? ""
            let new = try await Self.call(.get, "/api/v1/people/me", token, client: client)
            #expect(new.status == .ok)
        }
    }

    @Test("are not let in by a one-time password whose time is over")
    func expired() async throws {
        var state = try FakeBooks().full()
        for (login, seconds) in [("late", 0), ("soon", 1)] as [(String, Int64)] {
            state.people.append(
                StoredPerson(
                    person: Person(id: Person.ID(login), login: login, name: login),
                    passwordHash: FakeBooks.passwordHash, oneTimeUntil: FakeBooks.now.adding(seconds: seconds)
                )
            )
        }
        try await Visit.serve(FakeServer(state, pages: pages)) { client in
            for (login, status) in [("late", HTTPResponse.Status.unauthorized), ("soon", .ok)] {
                let body = #"{"login":"\#(login)","password":"\#(FakeBooks.password)"}"#
                let answer = try await Self.call(.post, "/api/v1/sign-in", "", body, client: client)
                #expect(answer.status == status, "\(login)")
            }
        }
    }

    @Test(
        "hold no duties that must be kept apart, and are told why in both languages",
        arguments: [
            (["maker", "reviewer"], "SOD-01"), (["maker", "poster"], "SOD-03"), (["cashier", "poster"], "SOD-04"),
            (["reviewer", "poster"], nil), (["employee", "maker"], nil),
        ] as [([String], String?)]
    )
    func duties(roles: [String], rule: String?) async throws {
        var state = try FakeBooks().full()
        let security = FakeServer.session(of: .security, in: &state).text
        state.grants.removeAll { $0.person == "p-employee" }
        let server = try FakeServer(state, pages: pages)
        try await Visit.serve(server) { client in
            let body = JSON.object([("book", "demo"), ("roles", .array(roles.map(JSON.string)))]).text
            for (language, word) in [(Language.zh, "不相容职务"), (.en, "kept apart")] {
                let answer = try await Self.call(
                    .put, "/api/v1/people/p-employee/roles", security, body, language: language, client: client)
                guard let rule else {
                    #expect(answer.status == .ok)
                    continue
                }
                #expect(answer.status == .conflict)
                let title = answer.json["title"]?.string ?? ""
                #expect(title.contains(rule) && title.contains(word))
            }
        }
        let held = server.store.current.grants.filter { $0.person == "p-employee" }.map(\.role.rawValue)
        #expect(Set(held) == (rule == nil ? Set(roles) : []))
    }

    @Test("leave at once when they are disabled, but never without an administrator")
    func disabling() async throws {
        var state = try FakeBooks().full()
        let admin = FakeServer.session(of: .admin, in: &state).text
        let maker = FakeServer.session(of: .maker, in: &state).text
        try await Visit.serve(FakeServer(state, pages: pages)) { client in
            let gone = try await Self.call(.post, "/api/v1/people/p-maker/disable", admin, client: client)
            #expect(gone.json["active"]?.bool == false)
            let outside = try await Self.call(.get, "/api/v1/people/me", maker, client: client)
            #expect(outside.status == .unauthorized)
            for last in ["p-admin", "p-security"] {
                let answer = try await Self.call(.post, "/api/v1/people/\(last)/disable", admin, client: client)
                #expect(answer.json["code"]?.string == "people.last_holder", "\(last)")
            }
        }
    }

    @Test("are shown with one form for each book, and the one-time password on no page twice")
    func shown() async throws {
        var state = try FakeBooks().full()
        let admin = FakeServer.session(of: .admin, in: &state)
        let security = FakeServer.session(of: .security, in: &state)
        try await Visit.serve(FakeServer(state, pages: pages)) { client in
            var add = Visit(.post, "/people", token: admin)
            add.form = "login=zhou&name=%E5%91%A8"
            let answer = try await add.send(client)
            let secret = answer.text.firstMatch(of: /[0-9a-z]{5}(?:-[0-9a-z]{5}){3}/).map { String($0.output) }
            #expect(answer.status == .ok && secret != nil)
            let page = try await Visit(.get, "/people/zhou", token: security).send(client)
            #expect(page.text.contains("name=\"role_maker\"") && page.text.contains("value=\"installation\""))
            #expect(!page.text.contains(secret ?? "-"))
            var roles = Visit(.post, "/people/zhou/roles", token: security)
            roles.form = "target=demo&role_maker=1&role_reviewer=1"
            let refused = try await roles.send(client)
            #expect(refused.status == .conflict && refused.text.contains("SOD-01"))
        }
    }
}

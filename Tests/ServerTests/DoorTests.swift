import Access
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import NIOCore
import Pipeline
import Server
import Testing

@Suite("The doors of the server")
struct DoorTests {
    let pages: PageFiles

    init() throws {
        pages = try FakeServer.pages()
    }

    @Test("refuse every route that needs somebody to whoever is nobody")
    func strangers() async throws {
        let server = try FakeServer(try FakeBooks().full(), pages: pages)
        let routes = ServerRoutes.all(server.rooms).filter { $0.needs != .nothing }
        #expect(routes.count > 40)
        try await Visit.serve(server) { client in
            for route in routes {
                let answer = try await Visit(route).send(client)
                #expect(answer.status == .unauthorized, "\(route.method) \(route.path) answered \(answer.status)")
            }
        }
    }

    @Test("let a role in exactly where the table of routes gives it the right", arguments: Role.allCases)
    func matrix(role: Role) async throws {
        var state = try FakeBooks().full()
        let token = FakeServer.session(of: role, in: &state)
        let server = try FakeServer(state, pages: pages)
        let visitor = Visitor(
            person: Person(id: Person.ID("p-" + role.rawValue), login: role.rawValue, name: ""),
            grants: state.grants.filter { $0.role == role }, formToken: ""
        )
        try await Visit.serve(server) { client in
            for route in ServerRoutes.all(server.rooms) where route.path != "/events" && route.path != "/sign-out" {
                let may =
                    switch route.needs {
                    case .nothing, .newcomer, .person: true
                    case .right(let right): visitor.may(right, in: FakeBooks.book)
                    case .installation(let right): visitor.may(right, in: Book.installation)
                    }
                let answer = try await Visit(route, token: token).send(client)
                if may {
                    #expect(
                        answer.status != .internalServerError
                            && (route.needs == .nothing || answer.status != .unauthorized),
                        "\(role) \(route.method) \(route.path): \(answer.status) \(answer.text.prefix(300))"
                    )
                    if route.method == .get, route.note == nil {
                        #expect(answer.status != .forbidden, "\(role) \(route.path)")
                    }
                } else {
                    #expect(answer.status == .forbidden, "\(role) \(route.method) \(route.path): \(answer.status)")
                }
            }
        }
    }

    @Test("hide a book from whoever has no role in it")
    func otherBook() async throws {
        var state = try FakeBooks().full()
        state.books.append(Book(id: "other", kind: .company, name: "other"))
        let token = FakeServer.session(of: .maker, in: &state)
        try await Visit.serve(FakeServer(state, pages: pages)) { client in
            let answer = try await Visit(.get, "/api/v1/cases?book=other", token: token).send(client)
            #expect(answer.status == .notFound)
        }
    }

    @Test("refuse a form without the session's token, with another one, or from another site")
    func forgery() async throws {
        var state = try FakeBooks().full()
        let token = FakeServer.session(of: .maker, in: &state)
        let server = try FakeServer(state, pages: pages)
        try await Visit.serve(server) { client in
            for route in ServerRoutes.all(server.rooms) where route.isForm && route.needs != .nothing {
                for wrong in ["", "f" + FakeServer.formToken.dropFirst()] {
                    var visit = Visit(route, token: token)
                    visit.formToken = wrong
                    let answer = try await visit.send(client)
                    #expect(answer.status == .forbidden, "\(route.path)")
                }
                var visit = Visit(route, token: token)
                visit.headers[Visit.fetchSite] = "cross-site"
                try await visit.expect(.forbidden, client)
            }
        }
        #expect(server.store.current.jobs.isEmpty)
    }

    @Test("ask a call that rides on a cookie for proof, and a call with a bearer token for none")
    func bearer() async throws {
        var state = try FakeBooks().full()
        let token = FakeServer.session(of: .maker, in: &state)
        try await Visit.serve(FakeServer(state, pages: pages)) { client in
            let path = "/api/v1/cases/C1/retry"
            try await Visit(.post, path, token: token).expect(.forbidden, client)
            var proved = Visit(.post, path, token: token)
            proved.headers[Visit.formTokenHeader] = FakeServer.formToken
            try await proved.expect(.accepted, client)
            var bearer = Visit(.post, path)
            bearer.headers[.authorization] = "Bearer " + token.text
            try await bearer.expect(.accepted, client)
            bearer.headers[.authorization] = "Bearer " + SessionToken().text
            try await bearer.expect(.unauthorized, client)
        }
    }

    @Test("sign a person in by form and by API, and refuse a wrong password")
    func signIn() async throws {
        let server = try FakeServer(try FakeBooks().full(), pages: pages)
        try await Visit.serve(server) { client in
            var form = Visit(.post, "/sign-in")
            form.form = "login=maker&password=\(FakeBooks.password)&next=//evil.example/x"
            let answer = try await form.send(client)
            #expect(answer.status == .seeOther && answer.headers[.location] == "/")
            let cookie = answer.headers[.setCookie] ?? ""
            #expect(cookie.hasPrefix("pq_session=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
            form.form = "login=maker&password=wrong"
            try await form.expect(.unauthorized, client)

            var call = Visit(.post, "/api/v1/sign-in")
            call.json = "{\"login\":\"lead\",\"password\":\"\(FakeBooks.password)\"}"
            let token = try JSON(parsing: try await call.send(client).text)["token"]?.string
            var me = Visit(.get, "/api/v1/people/me")
            me.headers[.authorization] = "Bearer " + (token ?? "")
            let person = try JSON(parsing: try await me.send(client).text)
            #expect(person["login"]?.string == "lead")
        }
    }

    @Test("explain a refusal to programs as problem+json, to people as a page")
    func problems() async throws {
        var state = try FakeBooks().full()
        let token = FakeServer.session(of: .maker, in: &state)
        try await Visit.serve(FakeServer(state, pages: pages)) { client in
            for path in ["/api/v1/cases/none", "/api/v1/balances?period=x", "/nowhere", "/api/v1/log"] {
                let answer = try await Visit(.get, path, token: token).send(client)
                #expect(answer.headers[.contentType] == "application/problem+json")
                let problem = try JSON(parsing: answer.text)
                for member in ["type", "title", "detail", "instance", "code", "remedy", "trace_id"] {
                    #expect(problem[member]?.string?.isEmpty == false, "\(path) has no \(member)")
                }
                #expect(problem["status"]?.integer == answer.status.code)
                var page = Visit(.get, path, token: token)
                page.headers[.accept] = "text/html"
                let html = try await page.send(client)
                #expect(html.status == answer.status)
                if !path.hasPrefix("/api/") { #expect(html.headers[.contentType]?.hasPrefix("text/html") == true) }
            }
        }
    }

    @Test("describe every route that is no page, and describe no other")
    func description() async throws {
        let server = try FakeServer(try FakeBooks().full(), pages: pages)
        let routes = ServerRoutes.all(server.rooms)
        try await Visit.serve(server) { client in
            let document = try JSON(parsing: try await Visit(.get, "/api/openapi.json").send(client).text)
            var described: Set<String> = []
            for path in document["paths"]?.members ?? [] {
                for operation in path.value.members ?? [] {
                    described.insert(operation.name.uppercased() + " " + path.name)
                }
            }
            #expect(described == Set(routes.filter { $0.note != nil }.map { "\($0.method.rawValue) \($0.path)" }))
            for route in routes where route.note == nil { #expect(!route.path.hasPrefix("/api/"), "\(route.path)") }
        }
        #expect(Set(routes.map { "\($0.method) \($0.path)" }).count == routes.count)
    }

    @Test("send files with a tag that saves sending them again, and originals as files that stay inert")
    func files() async throws {
        var state = try FakeBooks().full()
        let token = FakeServer.session(of: .maker, in: &state)
        try await Visit.serve(FakeServer(state, pages: pages)) { client in
            let first = try await Visit(.get, "/assets/style.css").send(client)
            #expect(first.status == .ok && first.headers[.cacheControl] == "no-cache")
            var again = Visit(.get, "/assets/style.css?v=" + pages.edition)
            again.headers[.ifNoneMatch] = first.headers[.eTag]
            let second = try await again.send(client)
            #expect(second.status == .notModified && second.headers[.cacheControl]?.contains("immutable") == true)
            try await Visit(.get, "/assets/..%2Fapp.js").expect(.notFound, client)
            let original = try await Visit(.get, "/evidence/C1-1-1/original", token: token).send(client)
            #expect(original.headers[.contentDisposition]?.hasPrefix("attachment") == true)
            #expect(original.headers[Visit.policy] == "sandbox")
        }
    }

    @Test("says of every call that changes something what it does, in docs/api.md")
    func documented() throws {
        let page = try String(contentsOf: FakeServer.root.appending(path: "docs/api.md"), encoding: .utf8)
        let rooms = try FakeServer(FakeState(), pages: try FakeServer.pages()).rooms
        for route in ServerRoutes.all(rooms) where route.method != .get && route.path.hasPrefix("/api/v1/") {
            let path = String(route.path.dropFirst("/api/v1".count))
            let (parent, last) = (
                path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex), path.split(separator: "/").last ?? ""
            )
            // Rows may name the siblings of a path by their last word.
            let isThere = page.contains("\(route.method) \(path)") || page.contains("\(route.method) /api/v1\(path)")
            #expect(isThere || (page.contains("\(parent)/") && page.contains("`\(last)`")), "\(route.method) \(path)")
        }
    }
}

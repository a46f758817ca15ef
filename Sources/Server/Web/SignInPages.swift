import Access
import HTTPTypes
import Hummingbird
import Kernel
import Pipeline

/// Signing in and out, the language, and the book one looks at.
struct SignInPages {
    let rooms: ServerRooms
    private static let yearSeconds = 365 * 24 * 3600

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let next = LocalAddress.checked(request.query("next"))
        if context.visitor != nil { return .seeOther(next) }
        let desk = PageDesk(rooms)
        return try desk.bare(
            "sign-in", title: desk.texts(context).text("signIn", "title"), ["next": .string(next)], context,
            address: "/sign-in"
        )
    }

    func signIn(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let signed = try await rooms.signIn.signIn(
            login: form["login"] ?? "", password: form.raw("password"), address: context.address
        )
        var response = Response.seeOther(LocalAddress.checked(form["next"]))
        response.setCookie(rooms.cookie(SignInMiddleware.cookie, signed.token.text))
        return response
    }

    func signOut(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        if let cookie = form.request.cookies[SignInMiddleware.cookie]?.value {
            try await rooms.signIn.signOut(cookie: cookie)
        }
        var response = Response.seeOther("/sign-in")
        response.setCookie(rooms.cookie(SignInMiddleware.cookie, "", maxAge: 0))
        return response
    }

    func language(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let text = try form.require("language")
        guard let language = Language(rawValue: text) else {
            throw DoorError.badParameter("language", expected: "zh, en", found: text)
        }
        var response = Response.seeOther(LocalAddress.checked(form["next"]))
        response.setCookie(rooms.cookie(RequestMiddleware.languageCookie, language.rawValue, maxAge: Self.yearSeconds))
        return response
    }

    func book(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        .seeOther("/?book=" + book.text.addingPercentEncodingForQuery)
    }
}

/// Addresses that a form may lead to.
enum LocalAddress {
    /// The address if it lies on this server, else the first page; another site is never a destination.
    static func checked(_ text: String?) -> String {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= 2_000,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return "/" }
        return text
    }
}

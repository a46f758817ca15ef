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

    func password(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        try passwordPage(next: LocalAddress.checked(request.query("next")), problem: nil, context)
    }

    func changePassword(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let next = LocalAddress.checked(form["next"])
        do {
            guard form.raw("new") == form.raw("again") else { throw PasswordFormError.notRepeated }
            let signed = try await rooms.signIn.changePassword(
                of: try context.requireVisitor(), from: form.raw("current"), to: form.raw("new"),
                address: context.address
            )
            var response = Response.seeOther(next)
            response.setCookie(rooms.cookie(SignInMiddleware.cookie, signed.token.text))
            return response
        } catch let error as PasswordError {
            return try passwordPage(next: next, problem: error, context)
        } catch let error as PasswordFormError {
            return try passwordPage(next: next, problem: error, context)
        } catch AccessError.currentPasswordWrong {
            return try passwordPage(next: next, problem: AccessError.currentPasswordWrong, context)
        }
    }

    private func passwordPage(
        next: String, problem: (any Explainable)?, _ context: DoorContext
    ) throws -> Response {
        let desk = PageDesk(rooms)
        let visitor = try context.requireVisitor()
        let view: JSON = .object([
            ("next", .string(next)), ("formToken", .string(visitor.formToken)),
            ("login", .string(visitor.person.login)),
            ("isNew", .bool(visitor.mustChangePassword)), ("problem", desk.dress(context).problem(problem?.problem)),
        ])
        let status = problem.map { HTTPResponse.Status(code: ProblemStatus.of($0)) } ?? .ok
        return try desk.bare(
            "password", title: desk.texts(context).text("password", "title"), view, context, address: "/password",
            status: status
        )
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

/// Why a new password was not taken from the page.
enum PasswordFormError: Error, Hashable {
    case notRepeated
}

extension PasswordFormError: Explainable {
    var problem: Problem {
        Problem(
            code: "access.password_not_repeated",
            title: Phrase(zh: "两次输入的新密码不同。", en: "The new password was typed differently the second time."),
            location: Phrase(zh: "新密码", en: "the new password"),
            cause: Phrase(zh: "两个输入框的内容不一致。", en: "The two fields differ."),
            remedy: Phrase(zh: "请重新输入。", en: "Type it again in both fields.")
        )
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

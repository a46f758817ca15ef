import Access
import HTTPTypes
import Hummingbird
import Kernel
import Pipeline

/// The page of the first start: the three administrators (首次设置).
struct SetupPages {
    let rooms: ServerRooms

    func show(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let code = request.query("code") ?? ""
        try await rooms.setup.check(code)
        return try page(code: code, typed: [:], problem: nil, context)
    }

    func finish(_ form: Form, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let code = form["code"] ?? ""
        var answers = SetupDesk.Answers()
        (answers.login, answers.name) = (form["login"] ?? "", form["name"] ?? "")
        answers.password = form.raw("new")
        (answers.securityLogin, answers.securityName) = (form["security_login"] ?? "", form["security_name"] ?? "")
        (answers.auditorLogin, answers.auditorName) = (form["auditor_login"] ?? "", form["auditor_name"] ?? "")
        do {
            try await rooms.setup.check(code)
            guard form.raw("new") == form.raw("again") else { throw PasswordFormError.notRepeated }
            let finished = try await rooms.setup.finish(code: code, answers)
            return try done(finished, context)
        } catch let error as any Explainable where !(error is SetupError) || error.problem.code == "setup.same_person" {
            let names = ["login", "name", "security_login", "security_name", "auditor_login", "auditor_name"]
            let typed = JSON.object(names.map { ($0, .optional(form[$0])) })
            return try page(code: code, typed: typed, problem: error, context)
        }
    }

    private func page(
        code: String, typed: JSON, problem: (any Explainable)?, _ context: DoorContext
    ) throws -> Response {
        let desk = PageDesk(rooms)
        return try desk.bare(
            "setup", title: desk.texts(context).text("setup", "title"),
            .object([
                ("code", .string(code)), ("typed", typed),
                ("problem", desk.dress(context).problem(problem?.problem)),
            ]),
            context, address: "/setup?code=" + code.addingPercentEncodingForQuery,
            status: problem.map { HTTPResponse.Status(code: ProblemStatus.of($0)) } ?? .ok
        )
    }

    /// Shows the others' passwords, this once, and leads on to the company.
    private func done(_ finished: FinishedSetup, _ context: DoorContext) throws -> Response {
        let desk = PageDesk(rooms)
        let dress = desk.dress(context)
        var response = try desk.bare(
            "setup-done", title: dress.texts.text("setup", "doneTitle"),
            .object([
                ("people", .array(finished.handed.map { ["handOver": PeopleView.handOver($0, dress)] })),
                ("formToken", .string(finished.formToken)), ("name", .string(finished.signedIn.person.name)),
            ]),
            context, address: "/companies"
        )
        response.setCookie(rooms.cookie(SignInMiddleware.cookie, finished.signedIn.token.text))
        return response
    }
}

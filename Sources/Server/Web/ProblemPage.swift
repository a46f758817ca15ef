import HTTPTypes
import Hummingbird
import Kernel
import Pipeline

/// A problem as a page with its four answers.
struct ProblemPage {
    let rooms: ServerRooms

    func response(_ problem: Problem, _ status: Int, _ context: DoorContext) throws -> Response {
        let desk = PageDesk(rooms)
        let dress = desk.dress(context)
        let view: JSON = .object([
            ("problem", dress.problem(problem)), ("status", .integer(status)), ("trace", .string(context.traceID)),
            ("signedIn", .bool(context.visitor != nil)),
        ])
        let code = HTTPResponse.Status(code: status)
        // Whoever mistypes a password stays at the door.
        if problem.code.hasPrefix("access.sign_in_") {
            return try desk.bare(
                "sign-in", title: desk.texts(context).text("signIn", "title"), view.setting("next", "/"), context,
                address: "/sign-in", status: code
            )
        }
        return try desk.bare("problem", title: problem.title.text(in: context.language), view, context, status: code)
    }
}

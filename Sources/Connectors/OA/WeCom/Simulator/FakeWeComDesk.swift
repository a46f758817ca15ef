import Kernel
import Synchronization

/// What the fake knows and answers; it has no connection of its own.
final class FakeWeComDesk: Sendable {
    typealias Reply = FakeServer.Reply

    private struct State {
        var approvals: [String: JSON]
        var files: [String: [UInt8]]
        var switches = FakeSwitches()
        var messages: [FakeNote] = []
        var tokensGiven = 0
        /// Tokens up to this one are refused.
        var expired = 0
        var calls = 0
    }

    private let state: Mutex<State>

    init(approvals: [String: JSON], files: [String: [UInt8]]) {
        state = Mutex(State(approvals: approvals, files: files))
    }

    var messages: [FakeNote] { state.withLock { $0.messages } }
    var tokensGiven: Int { state.withLock { $0.tokensGiven } }
    var calls: Int { state.withLock { $0.calls } }

    func set(_ switches: FakeSwitches) { state.withLock { $0.switches = switches } }
    func set(_ approval: JSON, for number: String) { state.withLock { $0.approvals[number] = approval } }
    func set(_ file: [UInt8], for id: String) { state.withLock { $0.files[id] = file } }
    func expireTokens() { state.withLock { $0.expired = $0.tokensGiven } }

    func reply(to request: FakeServer.Request) -> Reply {
        state.withLock { state in
            var reply = Self.reply(&state, request)
            reply.delayMilliseconds = state.switches.delayMilliseconds
            return reply
        }
    }

    private static func reply(_ state: inout State, _ request: FakeServer.Request) -> Reply {
        let query = request.query
        if request.path == "/cgi-bin/gettoken" { return giveToken(&state, query) }
        state.calls += 1
        if FakeSwitches.isDue(state.switches.endsTokenEvery, state.calls) { state.expired = state.tokensGiven }
        let number = Int(query["access_token"]?.split(separator: "-").last ?? "") ?? 0
        guard number > state.expired, number <= state.tokensGiven else {
            // Plain expiry comes under either code.
            return refusal(state.calls.isMultiple(of: 2) ? 42_001 : 40_014, "access_token expired")
        }
        if FakeSwitches.isDue(state.switches.throttlesEvery, state.calls) {
            return refusal(45_009, "api freq out of limit")
        }
        if FakeSwitches.isDue(state.switches.answersPagesEvery, state.calls) {
            var reply = Reply(file: Array("<html><body>502</body></html>".utf8))
            reply.contentType = "text/html"
            return reply
        }
        var reply = answer(&state, request, query)
        if FakeSwitches.isDue(state.switches.cutsEvery, state.calls) { reply.isCut = true }
        return reply
    }

    private static func answer(
        _ state: inout State, _ request: FakeServer.Request, _ query: [String: String]
    ) -> Reply {
        let json = (try? JSON(parsing: request.body)) ?? .null
        switch (request.method, request.path) {
        case ("POST", "/cgi-bin/oa/getapprovaldetail"):
            guard let approval = state.approvals[json["sp_no"]?.string ?? ""] else {
                return refusal(301_025, "sp_no not found")
            }
            return Reply(["errcode": 0, "errmsg": "ok", "info": approval])
        case ("GET", "/cgi-bin/media/get"):
            guard let bytes = state.files[query["media_id"] ?? ""] else { return refusal(40_007, "invalid media_id") }
            var reply = Reply(file: bytes)
            reply.headers = [("content-disposition", "attachment; filename=\"file\"")]
            return reply
        case ("POST", "/cgi-bin/message/send"): return message(&state, json)
        default: return refusal(40_066, "invalid url")
        }
    }

    private static func giveToken(_ state: inout State, _ query: [String: String]) -> Reply {
        guard query["corpid"] == FakeWeCom.corpID, query["corpsecret"] == FakeWeCom.secret else {
            return refusal(40_001, "invalid credential")
        }
        state.tokensGiven += 1
        return Reply([
            "errcode": 0, "errmsg": "ok", "access_token": .string("fake-\(state.tokensGiven)"),
            "expires_in": .integer(state.switches.tokenLifetimeSeconds),
        ])
    }

    private static func message(_ state: inout State, _ json: JSON) -> Reply {
        guard !state.switches.refusesWriteBack, json["agentid"]?.integer == FakeWeCom.agent,
            let user = json["touser"]?.string, let text = json["text"]?["content"]?.string
        else { return refusal(60_011, "no privilege to access") }
        let instance = text.split(separator: "\n").first?.split(separator: " ").last.map(String.init) ?? ""
        let note = FakeNote(instance: instance, user: user, text: text)
        // The same text to the same person is sent once while the sender asks for it.
        if json["enable_duplicate_check"]?.integer != 1 || !state.messages.contains(note) {
            state.messages.append(note)
        }
        var reply = Reply(["errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": "m"])
        reply.isCut = state.switches.losesWriteBackAnswers
        return reply
    }

    private static func refusal(_ code: Int, _ message: String) -> Reply {
        Reply(["errcode": .integer(code), "errmsg": .string(message)])
    }
}

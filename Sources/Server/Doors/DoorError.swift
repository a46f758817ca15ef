package import Kernel

/// Why a request does not reach its handler, or its handler cannot read it.
package enum DoorError: Error, Hashable {
    case signInNeeded
    case formExpired
    case notFound(String)
    case badParameter(String, expected: String, found: String)
    case badBody(String, expected: Phrase, found: Phrase)
    /// The address exists and does not take the method; `allowed` are those it takes, with commas between them.
    case methodNotAllowed(String, allowed: String)
    case bodyTooLarge(limit: Int)
    case notReady([Phrase])
    case forbiddenOrigin(String)
}

extension DoorError: Explainable {
    package var problem: Problem {
        switch self {
        case .signInNeeded:
            Problem(
                code: "access.sign_in_needed",
                title: Phrase(zh: "请先登录。", en: "Please sign in."),
                location: Phrase(zh: "本次请求", en: "this request"),
                cause: Phrase(zh: "没有有效的会话。", en: "It carries no valid session."),
                remedy: Phrase(zh: "登录后重试。", en: "Sign in and try again.")
            )
        case .formExpired:
            Problem(
                code: "access.form_expired",
                title: Phrase(zh: "页面已过期。", en: "The page has expired."),
                location: Phrase(zh: "本次提交", en: "this form"),
                cause: Phrase(zh: "表单不属于当前会话。", en: "The form does not belong to the current session."),
                remedy: Phrase(zh: "请刷新页面后重新提交。", en: "Reload the page and submit it again.")
            )
        case .notFound(let what):
            Problem(
                code: "request.not_found",
                title: Phrase(zh: "没有找到。", en: "There is nothing here."),
                location: Phrase(zh: what, en: what),
                cause: Phrase(zh: "地址不存在，或您无权查看。", en: "The address does not exist, or you may not see it."),
                remedy: Phrase(zh: "请核对地址，或申请权限。", en: "Check the address, or ask for the right to read it.")
            )
        case .badParameter(let name, let expected, let found):
            Problem(
                code: "request.bad_parameter",
                title: Phrase(zh: "请求中的参数不对。", en: "A parameter of the request is wrong."),
                location: Phrase(zh: "参数 \(name)", en: "parameter \(name)"),
                cause: Phrase(zh: "应为 \(expected)，实为「\(found)」。", en: "Expected \(expected), found “\(found)”."),
                remedy: Phrase(zh: "请按接口文档改正。", en: "Correct it as the API's description says.")
            )
        case .methodNotAllowed(let method, let allowed):
            Problem(
                code: "request.method_not_allowed",
                title: Phrase(zh: "该地址不接受这种方法。", en: "The address does not take this method."),
                location: Phrase(zh: "方法 \(method.prefix(20))", en: "method \(method.prefix(20))"),
                cause: Phrase(zh: "可用的方法：\(allowed)。", en: "It takes \(allowed)."),
                remedy: Phrase(zh: "请按 /api/openapi.json 使用。", en: "Use one that /api/openapi.json names.")
            )
        case .badBody(let pointer, let expected, let found):
            Problem(
                code: "request.body_invalid",
                title: Phrase(zh: "请求内容不符合约定的形式。", en: "The body of the request is not in the agreed form."),
                location: Phrase(zh: "请求内容 \(pointer)", en: "body \(pointer)"),
                cause: Phrase(zh: "应为\(expected.zh)，实为\(found.zh)。", en: "Expected \(expected.en), found \(found.en)."),
                remedy: Phrase(
                    zh: "请按 /api/openapi.json 改正后重发。", en: "Correct it after /api/openapi.json and send it again."
                )
            )
        case .bodyTooLarge(let limit):
            Problem(
                code: "request.body_too_large",
                title: Phrase(zh: "请求内容过大。", en: "The request's body is too large."),
                location: Phrase(zh: "请求体", en: "body"),
                cause: Phrase(zh: "上限为 \(limit) 字节。", en: "The limit is \(limit) bytes."),
                remedy: Phrase(zh: "请拆分后重新发送。", en: "Split it and send it again.")
            )
        case .notReady(let reasons):
            Problem(
                code: "server.not_ready",
                title: Phrase(zh: "服务暂不可用。", en: "The service is not ready."),
                location: Phrase(zh: "本机", en: "this node"),
                cause: Phrase(
                    zh: reasons.map(\.zh).joined(separator: "；"), en: reasons.map(\.en).joined(separator: "; ")
                ),
                remedy: Phrase(zh: "请稍后重试；管理员请查看 /readyz。", en: "Try again later; administrators look at /readyz.")
            )
        case .forbiddenOrigin(let origin):
            Problem(
                code: "access.forbidden_origin",
                title: Phrase(zh: "不接受来自其他网站的提交。", en: "Requests from other sites are refused."),
                location: Phrase(zh: "Origin \(origin)", en: "Origin \(origin)"),
                cause: Phrase(zh: "请求来自另一个来源。", en: "The request comes from another origin."),
                remedy: Phrase(zh: "请在本系统页面内操作。", en: "Use the pages of this system.")
            )
        }
    }
}

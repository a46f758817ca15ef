package import Kernel

/// Why somebody may not come in, or not do what they asked for.
package enum AccessError: Error, Hashable {
    case denied(Right, book: String, because: Denial)
    /// Unknown login, wrong password and disabled person look the same from outside.
    case signInFailed
    case signInThrottled(seconds: Int64)
    case sessionEnded
    /// The password was right, but it was a one-time one and its time is over.
    case oneTimePasswordExpired
    /// Somebody signed in with a one-time password, and wants something before choosing their own.
    case passwordChangeNeeded
    case currentPasswordWrong
    case tokenInvalid
    case tokenRightsExceeded([Right])
    case tokenLifetime(days: Int64)
    case loginInvalid(String)
    case dutyConflict(DutyConflict)

    package enum Denial: Hashable, Sendable {
        case inactive
        /// The person holds nothing in this book.
        case noGrant
        /// The person's roles in this book do not have the right.
        case noRole
        case notInToken
    }

    /// Whether the same request can succeed later without anybody doing anything.
    package var isTransient: Bool {
        if case .signInThrottled = self { true } else { false }
    }
}

extension AccessError: Explainable {
    package var problem: Problem {
        switch self {
        case .denied(let right, let book, let reason): Self.denied(right, book: book, reason)
        case .signInFailed:
            Problem(
                code: "access.sign_in_failed",
                title: Phrase(zh: "登录失败。", en: "Signing in failed."),
                location: Phrase(zh: "登录页", en: "the sign-in page"),
                cause: Phrase(zh: "登录名与密码不匹配。", en: "Login name and password do not belong together."),
                remedy: Phrase(
                    zh: "请检查大小写后重试；忘记密码请联系系统管理员重置。",
                    en: "Check capitals and try again, or ask the system administrator for a new password."
                )
            )
        case .signInThrottled(let seconds):
            Problem(
                code: "access.throttled",
                title: Phrase(zh: "登录尝试过多。", en: "Too many attempts to sign in."),
                location: Phrase(zh: "登录页", en: "the sign-in page"),
                cause: Phrase(
                    zh: "此前的尝试没有成功，\(seconds) 秒后才能再试。",
                    en: "Earlier attempts failed; the next one is possible in \(seconds) s."
                ),
                remedy: Phrase(
                    zh: "请等待 \(seconds) 秒，或由系统管理员解锁。",
                    en: "Wait \(seconds) s, or ask the system administrator to unlock the login."
                )
            )
        case .sessionEnded:
            Problem(
                code: "access.session_ended",
                title: Phrase(zh: "登录已失效。", en: "You are no longer signed in."),
                location: Phrase(zh: "当前会话", en: "this session"),
                cause: Phrase(
                    zh: "会话闲置超过 \(Session.idleSeconds / 60) 分钟、已满 \(Session.absoluteSeconds / 3600) 小时或已被结束。",
                    en: "It was idle for \(Session.idleSeconds / 60) min, lasted \(Session.absoluteSeconds / 3600) h, "
                        + "or was ended."
                ),
                remedy: Phrase(zh: "请重新登录。", en: "Sign in again.")
            )
        case .oneTimePasswordExpired:
            Problem(
                code: "access.sign_in_password_expired",
                title: Phrase(zh: "一次性密码已过期。", en: "The one-time password has expired."),
                location: Phrase(zh: "登录页", en: "the sign-in page"),
                cause: Phrase(
                    zh: "一次性密码的有效期为 \(OneTimePassword.lifetimeSeconds / 86_400) 天。",
                    en: "A one-time password lasts \(OneTimePassword.lifetimeSeconds / 86_400) days."
                ),
                remedy: Phrase(
                    zh: "请系统管理员重置密码，再用新的一次性密码登录。",
                    en: "Ask the system administrator for another one."
                )
            )
        case .passwordChangeNeeded:
            Problem(
                code: "access.password_change_needed",
                title: Phrase(zh: "请先设置自己的密码。", en: "Choose a password of your own first."),
                location: Phrase(zh: "当前会话", en: "this session"),
                cause: Phrase(
                    zh: "您用一次性密码登录，别人也见过它。",
                    en: "You signed in with a one-time password, which somebody else has seen."
                ),
                remedy: Phrase(
                    zh: "请在 /password 页面，或用 POST /api/v1/people/me/password 设置新密码。",
                    en: "Do so on the page /password, or with POST /api/v1/people/me/password."
                )
            )
        case .currentPasswordWrong:
            Problem(
                code: "access.current_password_wrong",
                title: Phrase(zh: "当前密码不对。", en: "The current password is not right."),
                location: Phrase(zh: "当前密码", en: "the current password"),
                cause: Phrase(zh: "它与登录时所用的密码不符。", en: "It is not the one this person signs in with."),
                remedy: Phrase(zh: "请检查大小写后重试。", en: "Check capitals and try again.")
            )
        case .tokenInvalid:
            Problem(
                code: "access.token_invalid",
                title: Phrase(zh: "令牌无效。", en: "The token is not valid."),
                location: Phrase(zh: "Authorization 请求头", en: "the Authorization header"),
                cause: Phrase(
                    zh: "令牌抄写有误、已过期或已撤销。",
                    en: "It was copied wrongly, has expired, or was withdrawn."
                ),
                remedy: Phrase(zh: "请由令牌所有者重新签发。", en: "Its owner can make a new one.")
            )
        case .tokenRightsExceeded(let rights):
            Problem(
                code: "access.token_rights_exceeded",
                title: Phrase(zh: "令牌的权限超出本人权限。", en: "The token would allow more than its owner may do."),
                location: Phrase(zh: "令牌权限", en: "the rights of the token"),
                cause: Phrase(
                    zh: "本人没有：\(rights.map(\.title.zh).joined(separator: "、"))。",
                    en: "The owner may not \(rights.map(\.title.en).joined(separator: ", "))."
                ),
                remedy: Phrase(
                    zh: "请去掉这些权限，或先由安全管理员分配相应角色。",
                    en: "Leave them out, or ask the security administrator for the role first."
                )
            )
        case .tokenLifetime(let days):
            Problem(
                code: "access.token_lifetime",
                title: Phrase(zh: "令牌有效期不在允许范围内。", en: "The token's lifetime is not allowed."),
                location: Phrase(zh: "令牌有效期", en: "the lifetime of the token"),
                cause: Phrase(
                    zh: "有效期为 \(days) 天，应为 1 至 \(APIToken.lifetimeLimitDays) 天。",
                    en: "It is \(days) days; it may be 1 to \(APIToken.lifetimeLimitDays)."
                ),
                remedy: Phrase(zh: "请选择较短的有效期。", en: "Choose a lifetime within the limit.")
            )
        case .loginInvalid(let text):
            Problem(
                code: "access.login_invalid",
                title: Phrase(zh: "这不是可用的登录名。", en: "This cannot be a login name."),
                location: Phrase(zh: "登录名「\(text.prefix(64))」", en: "login name “\(text.prefix(64))”"),
                cause: Phrase(
                    zh: "登录名由 2 至 64 个字母 a–z、数字或 . _ - @ 组成。",
                    en: "A login name is 2 to 64 of the letters a–z, digits, and . _ - @."
                ),
                remedy: Phrase(zh: "请改用拼音、工号或邮箱。", en: "Use a name in Latin letters, a number, or an address.")
            )
        case .dutyConflict(let conflict): conflict.problem
        }
    }

    private static func denied(_ right: Right, book: String, _ reason: Denial) -> Problem {
        let cause =
            switch reason {
            case .inactive: Phrase(zh: "此用户已停用。", en: "This person is disabled.")
            case .noGrant: Phrase(zh: "此用户在该账套没有角色。", en: "This person has no role in the book.")
            case .noRole:
                Phrase(
                    zh: "此用户在该账套的角色不含权限「\(right.title.zh)」（\(right.rawValue)）。",
                    en: "No role of this person in the book has the right “\(right.rawValue)”."
                )
            case .notInToken:
                Phrase(
                    zh: "所用令牌不含权限「\(right.title.zh)」（\(right.rawValue)）。",
                    en: "The token used does not have the right “\(right.rawValue)”."
                )
            }
        return Problem(
            code: "access.denied",
            title: Phrase(zh: "没有权限：\(right.title.zh)。", en: "You may not \(right.title.en)."),
            location: Phrase(zh: "账套 \(book)", en: "book \(book)"),
            cause: cause,
            remedy: Phrase(
                zh: "如确有需要，请由安全管理员分配相应角色。",
                en: "If you need it, ask the security administrator for the role."
            )
        )
    }
}

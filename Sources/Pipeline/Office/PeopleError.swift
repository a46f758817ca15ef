package import Access
package import Kernel

/// Why an act on people and roles does not go through.
package enum PeopleError: Error, Hashable {
    case unknown(Person.ID)
    case loginTaken(String)
    case nameInvalid(String)
    case unknownBook(Book.ID)
    /// Nobody would be left who can make people, or give roles.
    case lastHolder(Role)
}

extension PeopleError: Explainable {
    package var problem: Problem {
        switch self {
        case .unknown(let id):
            Problem(
                code: "people.unknown",
                title: Phrase(zh: "没有这个人员。", en: "There is no such person."),
                location: Phrase(zh: "人员 \(id)", en: "person \(id)"),
                cause: Phrase(zh: "系统中没有此编号。", en: "The installation has no person of this id."),
                remedy: Phrase(zh: "请从人员列表打开。", en: "Open it from the list of people.")
            )
        case .loginTaken(let login):
            Problem(
                code: "people.login_taken",
                title: Phrase(zh: "登录名已被使用。", en: "The login name is taken."),
                location: Phrase(zh: "登录名「\(login)」", en: "login name “\(login)”"),
                cause: Phrase(
                    zh: "另一个人员（可能已停用）用着它；登录名不会重复使用。",
                    en: "Another person has it, perhaps a disabled one; a login is never used again."
                ),
                remedy: Phrase(
                    zh: "请换一个登录名；若是同一个人，请重新启用。",
                    en: "Choose another one, or enable that person again if it is the same."
                )
            )
        case .nameInvalid(let text):
            Problem(
                code: "people.name_invalid",
                title: Phrase(zh: "这不是可用的姓名。", en: "This cannot be a name."),
                location: Phrase(zh: "姓名「\(text)」", en: "name “\(text)”"),
                cause: Phrase(
                    zh: "姓名为 1 至 \(PeopleDesk.nameLimit) 个可见字符。",
                    en: "A name is 1 to \(PeopleDesk.nameLimit) visible characters."
                ),
                remedy: Phrase(zh: "请填写真实姓名，它会印在凭证上。", en: "Write the name that vouchers shall show.")
            )
        case .unknownBook(let book):
            Problem(
                code: "people.unknown_book",
                title: Phrase(zh: "没有这个账套。", en: "There is no such book."),
                location: Phrase(zh: "账套 \(book)", en: "book \(book)"),
                cause: Phrase(zh: "角色只能授予已建立的账套。", en: "A role is given in a book that was set up."),
                remedy: Phrase(zh: "请核对账套编号，或先建账。", en: "Check its id, or set the company up first.")
            )
        case .lastHolder(let role):
            Problem(
                code: "people.last_holder",
                title: Phrase(
                    zh: "不能没有\(role.title.zh)。", en: "There has to be a \(role.title.en)."
                ),
                location: Phrase(zh: "系统", en: "the installation"),
                cause: Phrase(
                    zh: "这样做之后，系统中将没有启用的\(role.title.zh)。",
                    en: "After this nobody who is enabled would hold the role."
                ),
                remedy: Phrase(
                    zh: "请先把该角色授予另一位启用的人员。", en: "Give the role to another enabled person first."
                )
            )
        }
    }
}

/// A function of FEEL: one that an expression made, or one that the caller lends to its expressions.
package final class Function: Sendable {
    package typealias Body = @Sendable ([Value]) throws(FEELError) -> Value

    /// A body that works within the evaluation that calls it, and spends what that may spend.
    package typealias InnerBody = @Sendable (inout Evaluator, [Value]) throws(FEELError) -> Value

    enum Kind: Sendable {
        case builtin(Builtin)
        case written(body: Node, types: [TypeName?], captured: [Value], scope: Scope)
        case defined(Expression, types: [ValueType?], scope: Scope)
        case lent(Body)
        case within(InnerBody, types: [ValueType?])
    }

    package let parameters: [String]
    let kind: Kind

    var isBuiltin: Bool {
        if case .builtin = kind { true } else { false }
    }

    init(parameters: [String], kind: Kind) {
        self.parameters = parameters
        self.kind = kind
    }

    /// A function whose body is an expression over the scope and the parameters; values of other types make it null.
    package init(parameters: [String], types: [ValueType?] = [], body: Expression, scope: Scope) {
        self.parameters = parameters
        kind = .defined(body, types: types, scope: scope)
    }

    /// A function that is part of a model; it gets one value for each parameter, of its type.
    package init(parameters: [String], types: [ValueType?] = [], within body: @escaping InnerBody) {
        self.parameters = parameters
        kind = .within(body, types: types)
    }

    /// A function whose body is the caller's; it gets one value for each parameter.
    package init(parameters: [String], body: @escaping Body) {
        self.parameters = parameters
        kind = .lent(body)
    }
}

extension Function: CustomStringConvertible {
    package var description: String {
        if case .builtin(let builtin) = kind { return builtin.name }
        return "function(\(parameters.joined(separator: ", "))) …"
    }
}

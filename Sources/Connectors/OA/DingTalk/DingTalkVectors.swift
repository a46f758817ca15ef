package import Kernel

/// Runs recorded callbacks against the decoder, for `pingqiao oa decode dingtalk`.
package enum DingTalkVectors {
    /// - Parameter json: A list of cases as in `corpus/oa/dingtalk/vectors.json`.
    package static func decode(_ json: JSON) -> JSON { CallbackVectors.report(json, decoding: result) }

    private static func result(of vector: JSON) -> Result<[UInt8], CallbackVectors.Refusal> {
        guard
            let cipher = CallbackCipher(
                token: vector["token"]?.string ?? "", aesKey: vector["aeskey"]?.string ?? "",
                receivers: [vector["receiver_id"]?.string ?? ""]
            ),
            let envelope = DingTalkEnvelope(
                query: CallbackVectors.query(of: vector), body: Array((vector["body"]?.string ?? "").utf8))
        else { return .failure(.badBody) }
        do throws(CallbackCipher.Refusal) {
            return .success(try envelope.open(with: cipher))
        } catch {
            return .failure(CallbackVectors.Refusal(error))
        }
    }
}

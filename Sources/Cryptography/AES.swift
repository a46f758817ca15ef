import COpenSSL

/// Why a ciphertext was not read. It says nothing more, so that nobody learns from trying.
package struct DecryptionError: Error, Equatable {
    package init() {}
}

/// AES-256 in CBC mode without padding, as 钉钉 and 企业微信 callbacks use it; the caller removes the padding.
///
/// - Parameters:
///   - key: 32 bytes.
///   - initialVector: 16 bytes.
///   - ciphertext: A positive multiple of 16 bytes.
package func decryptAES256CBC(
    _ ciphertext: [UInt8], key: [UInt8], initialVector: [UInt8]
) throws(DecryptionError) -> [UInt8] {
    try runAES256CBC(ciphertext, key: key, initialVector: initialVector, encrypting: false)
}

/// The reverse of `decryptAES256CBC`; the caller adds the padding.
package func encryptAES256CBC(
    _ plaintext: [UInt8], key: [UInt8], initialVector: [UInt8]
) throws(DecryptionError) -> [UInt8] {
    try runAES256CBC(plaintext, key: key, initialVector: initialVector, encrypting: true)
}

private func runAES256CBC(
    _ input: [UInt8], key: [UInt8], initialVector: [UInt8], encrypting: Bool
) throws(DecryptionError) -> [UInt8] {
    guard key.count == 32, initialVector.count == 16, !input.isEmpty, input.count.isMultiple(of: 16),
        let context = EVP_CIPHER_CTX_new()
    else { throw DecryptionError() }
    defer { EVP_CIPHER_CTX_free(context) }
    var output = [UInt8](repeating: 0, count: input.count + 16)
    var length: Int32 = 0
    var rest: Int32 = 0
    guard EVP_CipherInit_ex(context, EVP_aes_256_cbc(), nil, key, initialVector, encrypting ? 1 : 0) == 1,
        EVP_CIPHER_CTX_set_padding(context, 0) == 1,
        EVP_CipherUpdate(context, &output, &length, input, Int32(input.count)) == 1,
        EVP_CipherFinal_ex(context, &output[Int(length)], &rest) == 1
    else { throw DecryptionError() }
    return Array(output.prefix(Int(length + rest)))
}

/// AES-256-GCM, for secrets at rest: 12 bytes nonce, ciphertext, 16 bytes tag.
///
/// - Parameter context: What the secret belongs to; a sealed secret moved to another row does not open.
package func seal(_ plaintext: [UInt8], key: [UInt8], context: [UInt8]) throws(DecryptionError) -> [UInt8] {
    let nonce = randomBytes(12)
    guard key.count == 32, let cipher = EVP_CIPHER_CTX_new() else { throw DecryptionError() }
    defer { EVP_CIPHER_CTX_free(cipher) }
    var output = [UInt8](repeating: 0, count: plaintext.count + 16)
    var tag = [UInt8](repeating: 0, count: 16)
    var length: Int32 = 0
    var rest: Int32 = 0
    guard EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), nil, key, nonce) == 1,
        EVP_EncryptUpdate(cipher, nil, &length, context, Int32(context.count)) == 1,
        EVP_EncryptUpdate(cipher, &output, &length, plaintext, Int32(plaintext.count)) == 1,
        EVP_EncryptFinal_ex(cipher, &output[Int(length)], &rest) == 1,
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, 16, &tag) == 1
    else { throw DecryptionError() }
    return nonce + output.prefix(Int(length + rest)) + tag
}

/// The reverse of `seal`.
package func open(_ sealed: [UInt8], key: [UInt8], context: [UInt8]) throws(DecryptionError) -> [UInt8] {
    guard sealed.count >= 28, key.count == 32, let cipher = EVP_CIPHER_CTX_new() else { throw DecryptionError() }
    defer { EVP_CIPHER_CTX_free(cipher) }
    let nonce = Array(sealed.prefix(12))
    let body = Array(sealed.dropFirst(12).dropLast(16))
    var tag = Array(sealed.suffix(16))
    var output = [UInt8](repeating: 0, count: body.count + 16)
    var length: Int32 = 0
    var rest: Int32 = 0
    guard EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), nil, key, nonce) == 1,
        EVP_DecryptUpdate(cipher, nil, &length, context, Int32(context.count)) == 1,
        EVP_DecryptUpdate(cipher, &output, &length, body, Int32(body.count)) == 1,
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, 16, &tag) == 1,
        EVP_DecryptFinal_ex(cipher, &output[Int(length)], &rest) == 1
    else { throw DecryptionError() }
    return Array(output.prefix(Int(length + rest)))
}

import { bindModel } from './database/bind-model.js';
import type { Database } from './database/database.js';
import { DomainCount } from './limits/domain-limit.js';
import { EmailRequest } from './outbox/email-request.js';
import { MailboxCount } from './limits/mailbox-count.js';
import { OutboxEmail } from './outbox/outbox-email.js';
import { RelayPause } from './outbox/relay-pause.js';
import { Invite } from './invites/invite.js';
import { SignUpKey } from './signup/signup-key.js';
import { User } from './users/user.js';
import { VerificationToken } from './verification/verification-token.js';

export type Models = Readonly<ReturnType<typeof bindModels>>;

/** The models of one instance, with the associations `user.tokens`, `user.emails`, `token.user` and `email.user`. */
export function bindModels({ sequelize, schema }: Pick<Database, 'sequelize' | 'schema'>) {
  const models = {
    User: bindModel(User, sequelize, schema),
    VerificationToken: bindModel(VerificationToken, sequelize, schema),
    OutboxEmail: bindModel(OutboxEmail, sequelize, schema),
    Invite: bindModel(Invite, sequelize, schema),
    MailboxCount: bindModel(MailboxCount, sequelize, schema),
    SignUpKey: bindModel(SignUpKey, sequelize, schema),
    RelayPause: bindModel(RelayPause, sequelize, schema),
    DomainCount: bindModel(DomainCount, sequelize, schema),
    EmailRequest: bindModel(EmailRequest, sequelize, schema),
  };
  models.User.hasMany(models.VerificationToken, { as: 'tokens', foreignKey: 'user_id' });
  models.User.hasMany(models.OutboxEmail, { as: 'emails', foreignKey: 'user_id' });
  models.VerificationToken.belongsTo(models.User, { as: 'user', foreignKey: 'user_id' });
  models.OutboxEmail.belongsTo(models.User, { as: 'user', foreignKey: 'user_id' });
  models.SignUpKey.belongsTo(models.User, { as: 'user', foreignKey: 'user_id' });
  return models;
}

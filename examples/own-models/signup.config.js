import { sequelize, User } from './models.js';

/** For the app and for `fluentmeet --config` alike. */
export default {
  database: sequelize,
  databaseSchema: 'fluentmeet',
  hooks: {
    // A transaction that loses a race begins again, and the hook with it: it says what shall be, not what to add.
    async onVerified({ id }, { transaction }) {
      await User.findOrCreate({ where: { accountId: id }, transaction });
    },
    async onRemoved({ id }, { transaction }) {
      await User.destroy({ where: { accountId: id }, transaction });
    },
  },
};
